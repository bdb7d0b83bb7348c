//! What the database holds by itself about whistles, meetings and tasks.

use crate::stage::Stage;
use tokio_postgres::Client;

async fn refused_by(client: &Client, statement: &str) -> String {
    match client.batch_execute(statement).await {
        Ok(()) => "nothing".to_owned(),
        Err(error) => {
            let error = error.as_db_error().expect("the database refuses").clone();
            error.constraint().or(error.column()).unwrap_or(error.message()).to_owned()
        }
    }
}

#[tokio::test]
async fn exactly_one_lead_that_was_called_and_nothing_without_its_event() {
    let stage = Stage::set().await;
    let whistled = stage.whistled().await;
    let met = stage.met().await;
    let client = stage.service.database.client().await;
    let (id, whistle) = (met.ticket.id, met.ticket.seq - 1);
    let (open, blown) = (whistled.ticket.id, whistled.ticket.seq);
    let (fire, urban) = (stage.fire.1, stage.urban.1);
    let meeting = |ticket, whistle, seq, lead: &str| {
        format!(
            "insert into ticket_meetings (ticket, whistle, seq, minutes, lead)
             values ({ticket}, {whistle}, {seq}, '纪要', {lead})"
        )
    };
    let task = |unit, finished: &str| {
        format!(
            "insert into ticket_tasks (ticket, whistle, number, stage, stage_name, unit, what,
                                       clock, warn_at, due_at, long_at, provisional, finished_seq)
             values ({id}, {whistle}, 9, 1, '清理', {unit}, '清运', '{{}}', now(), now(), now(),
                     false, {finished})"
        )
    };
    let call = |set: &str, unit| {
        format!("update ticket_calls set {set} where ticket = {id} and unit = {unit}")
    };
    for (statement, constraint) in [
        (meeting(id.0, whistle, met.ticket.seq, &urban.to_string()), "ticket_meetings_pkey"),
        (
            format!("update ticket_meetings set lead = {fire} where ticket = {id}"),
            "lead_was_called",
        ),
        (format!("update ticket_meetings set lead = null where ticket = {id}"), "lead"),
        (call("shares = false", stage.sanitation.1), "lead_was_called"),
        (meeting(open.0, blown, blown, &urban.to_string()), "meeting_has_its_event"),
        (meeting(open.0, blown - 1, blown, &urban.to_string()), "meeting_is_of_a_whistle"),
        (task(fire, "null"), "task_is_for_who_shares"),
        (task(urban, "99"), "task_was_finished"),
        (task(urban, &whistle.to_string()), "task_was_finished"),
        (call("checked_in_seq = 99", urban), "check_in_has_its_event"),
        (call("absent_seq = 99", urban), "absence_has_its_event"),
        (call("reminded_seq = 99", urban), "reminder_has_its_event"),
        (call(&format!("checked_in_seq = {whistle}"), urban), "one_event_checks_one_unit_in"),
        (
            format!(
                "insert into ticket_whistles (ticket, seq, clock, warn_at, due_at, provisional)
                 values ({open}, 1, '{{}}', now(), now(), false)"
            ),
            "whistle_has_its_event",
        ),
    ] {
        let found = refused_by(&client, &statement).await;
        assert_eq!(found, constraint, "{statement}");
    }
    assert_eq!(refused_by(&client, &task(urban, "null")).await, "nothing");
    drop(client);
    stage.service.finish().await;
}
