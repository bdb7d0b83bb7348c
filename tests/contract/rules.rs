//! The rules of tickets: on record, the same in the database, and enforced there by itself.

use domain::tickets::{State, diagram, rules};
use domain::word::Word;
use std::collections::BTreeSet;
use support::Database;
use tokio_postgres::Client;

#[test]
fn the_table_of_rules_is_the_one_on_record() {
    insta::assert_snapshot!("rules", diagram());
}

#[test]
fn what_reporters_read_of_a_state_is_on_record() {
    let line = |state: &State| {
        let (told, of_sensitive) = (state.progress(), state.progress().of_sensitive());
        format!("{state}: {} / {} ({of_sensitive})\n", told.zh(), told.en())
    };
    insta::assert_snapshot!("progress", State::ALL.iter().map(line).collect::<String>());
}

#[tokio::test]
async fn the_database_holds_the_same_rules() {
    let database = Database::migrated().await;
    let client = database.client().await;
    let sql = "select from_state, action, to_state from ticket_rules";
    let rows = client.query(sql, &[]).await.expect("the rules can be read");
    let held: BTreeSet<[String; 3]> =
        rows.iter().map(|row| [0, 1, 2].map(|i| row.get(i))).collect();
    let ours: BTreeSet<[String; 3]> = rules()
        .map(|rule| [rule.from.code(), rule.action.code(), rule.to.code()].map(str::to_owned))
        .collect();
    assert_eq!(held, ours);
    let finals: BTreeSet<&str> =
        State::ALL.iter().filter(|state| state.is_final()).map(|state| state.code()).collect();
    for constraint in ["ticket_runs", "ticket_ends_once"] {
        let sql = "select pg_get_constraintdef(oid) from pg_constraint where conname = $1";
        let row = client.query_one(sql, &[&constraint]).await.expect("the constraint stands");
        let text: String = row.get(0);
        let named: BTreeSet<&str> = State::ALL
            .iter()
            .map(|s| s.code())
            .filter(|s| text.contains(&format!("'{s}'")))
            .collect();
        let named: BTreeSet<&str> =
            named.difference(&BTreeSet::from(["suspended"])).copied().collect();
        assert_eq!(named, finals, "{constraint}");
    }
    drop(client);
    database.drop().await;
}

/// A filed ticket with its two events, for the others to break.
const FILED: &str = "
    insert into reports (id, channel, text, happened_at, datum, place, edition, basis)
    values (1, 'hotline', '', now(), 'cgcs2000', st_setsrid(st_makepoint(120.6, 31.25), 4490), 1,
            'outside');
    insert into tickets (id, state, seq, unit, place, edition, opened_at, stage, clock, warn_at,
                         due_at, long_at)
    values (1, 'filed', 2, 1, st_setsrid(st_makepoint(120.6, 31.25), 4490), 1, now(), 'dispatch',
            '{}', now(), now(), now());
    insert into ticket_events (ticket, seq, from_state, action, to_state, unit, at)
    values (1, 1, 'new', 'open', 'reported', 1, now()),
           (1, 2, 'reported', 'file', 'filed', 1, now());";

/// One more event of the ticket, and the ticket pointing at it.
fn moved(seq: i32, from: &str, action: &str, to: &str) -> String {
    format!(
        "insert into ticket_events (ticket, seq, from_state, action, to_state, unit, at)
         values (1, {seq}, '{from}', '{action}', '{to}', 1, now());
         update tickets set state = '{to}', seq = {seq} where id = 1;"
    )
}

/// The constraint that refuses the statements, or what happened instead.
async fn refused_by(client: &Client, statements: &str) -> String {
    let all = format!("begin; {statements} commit;");
    let tried = client.batch_execute(&all).await;
    client.batch_execute("rollback").await.expect("nothing is left open");
    match tried {
        Ok(()) => "nothing".to_owned(),
        Err(error) => {
            let error = error.as_db_error().expect("the database refuses").clone();
            error.constraint().map_or(error.message().to_owned(), str::to_owned)
        }
    }
}

#[tokio::test]
async fn the_database_refuses_by_itself_whatever_the_rules_do_not_allow() {
    let database = Database::migrated().await;
    let client = database.client().await;
    client.batch_execute(&format!("begin; {FILED} commit;")).await.expect("a lawful ticket");
    for (statements, constraint) in [
        (moved(3, "filed", "close", "closed"), "event_follows_a_rule"),
        (moved(3, "filed", "dispatch", "closed"), "event_follows_a_rule"),
        (moved(3, "done", "confirm", "inspected"), "event_follows_the_one_before"),
        (moved(4, "filed", "dispatch", "dispatched"), "event_follows_the_one_before"),
        (moved(2, "reported", "look", "looking"), "ticket_events_pkey"),
        (moved(3, "new", "open", "reported"), "first_event_opens"),
        (
            "update tickets set state = 'reported', seq = 1 where id = 1;".to_owned(),
            "ticket_goes_forward",
        ),
        (
            "update tickets set state = 'returned', seq = 3 where id = 1;".to_owned(),
            "ticket_shows_its_event",
        ),
        (
            "update tickets set closed_at = now() where id = 1;".to_owned(),
            "ticket_says_when_it_was_closed",
        ),
        ("update tickets set stage = null where id = 1;".to_owned(), "ticket_runs"),
        ("update tickets set due_at = null where id = 1;".to_owned(), "ticket_runs"),
        ("update tickets set ended_at = now() where id = 1;".to_owned(), "ticket_ends_once"),
        ("update tickets set unit = 999 where id = 1;".to_owned(), "tickets_unit_fkey"),
    ] {
        assert_eq!(refused_by(&client, &statements).await, constraint, "{statements}");
    }
    for statements in ["update ticket_events set note = 'rewritten';", "delete from ticket_events;"]
    {
        let why = refused_by(&client, statements).await;
        assert!(why.contains("never rewritten"), "{statements}: {why}");
    }
    let lawful = moved(3, "filed", "dispatch", "dispatched");
    assert_eq!(refused_by(&client, &lawful).await, "nothing");
    drop(client);
    database.drop().await;
}
