//! What must hold of all tickets of a database at every moment, whoever moved them and however
//! often the service was killed in between.

use domain::tickets::{Action, Asking, State, rule};
use domain::word::Word;
use tokio_postgres::Client;

/// Sentences, each with a statement that finds what breaks it. (The database refuses most of this
/// by itself; here it is read back, so that a constraint lost in a migration is missed.)
const LAWS: &[(&str, &str)] = &[
    (
        "every report has a ticket of its own number",
        "select reports.id from reports left join tickets using (id) where tickets.id is null",
    ),
    (
        "a ticket shows its last event",
        "select tickets.id from tickets
         left join lateral (select seq, to_state, unit from ticket_events
                            where ticket = tickets.id order by seq desc limit 1) as last on true
         where (tickets.seq, tickets.state, tickets.unit)
               is distinct from (last.seq, last.to_state, last.unit)",
    ),
    (
        "events are counted from 1 without gaps",
        "select ticket from ticket_events group by ticket
         having min(seq) <> 1 or max(seq) <> count(*)",
    ),
    (
        "each event starts where the one before it led, and is not before it",
        "select ticket from (
             select ticket, seq, from_state, at,
                    lag(to_state) over told as was, lag(at) over told as was_at
             from ticket_events window told as (partition by ticket order by seq)) as steps
         where seq > 1 and (from_state <> was or at < was_at)",
    ),
    (
        "a live ticket has a responsible unit and a running deadline, or stands still until a date",
        "select tickets.id from tickets left join units on units.id = tickets.unit
         where state not in ('not_filed', 'evaluated', 'merged', 'void')
           and (units.id is null or stage is null or clock is null or ended_at is not null
                or case state when 'suspended' then review_at is null
                   else due_at is null or warn_at > due_at or due_at > long_at end)",
    ),
    (
        "what stands still was granted by somebody other than whoever asked",
        "select tickets.id from tickets
         where state = 'suspended' and not exists (
             select from ticket_requests as request
             join ticket_events as answer
                 on answer.ticket = request.ticket and answer.seq = answered_seq
             where request.ticket = tickets.id and request = 'suspension' and granted
               and answer.action = 'grant_suspension' and answer.person <> asked_by)",
    ),
    (
        "what has ended owes nothing",
        "select id from tickets
         where state in ('not_filed', 'evaluated', 'merged', 'void')
           and (ended_at is null or due_at is not null or review_at is not null
                or clock is not null)",
    ),
    (
        "what is closed says since when, and nothing else does",
        "select id from tickets
         where (closed_at is not null) <> (state in ('closed', 'evaluated'))
            or closed_at < opened_at",
    ),
    (
        "a visit has the ticket that fell due with it, and is over when that was visited",
        "select visit.ticket from care_visits as visit
         left join ticket_events as first on first.ticket = visit.ticket and first.seq = 1
         where visit.ticket is not null
           and (first.action is distinct from 'schedule'
                or visit.result is null and exists (
                    select from ticket_events as event
                    where event.ticket = visit.ticket and event.action = 'visit'))",
    ),
    (
        "a request is the event that asked",
        "select request.ticket from ticket_requests as request
         left join ticket_events as event
             on event.ticket = request.ticket and event.seq = asked_seq
                and event.action = 'ask_' || request
         where event.ticket is null",
    ),
    (
        "a merged ticket leads to another one",
        "select one.id from tickets as one left join tickets as other on other.id = one.merged_into
         where one.state = 'merged' and other.id is null",
    ),
    (
        "what a ticket was merged into leads nowhere itself",
        "select one.id from tickets as one join tickets as other on other.id = one.merged_into
         where other.merged_into is not null",
    ),
    (
        "a merging and a taking apart are told in both histories",
        "select event.ticket from ticket_events as event
         left join ticket_merges as told
             on told.ticket = event.ticket and told.seq = event.seq
         left join ticket_events as other
             on other.ticket = told.other and other.seq = told.other_seq
         where event.action in ('merge', 'unmerge', 'join', 'release')
           and other.action is distinct from case event.action
               when 'merge' then 'join' when 'join' then 'merge'
               when 'unmerge' then 'release' else 'unmerge' end",
    ),
    (
        "a closed ticket says when its last closing was",
        "select tickets.id from tickets
         where closed_at is distinct from case when state in ('closed', 'evaluated') then (
             select max(at) from ticket_events as event
             where event.ticket = tickets.id and to_state = 'closed' and from_state <> 'closed')
             end",
    ),
    (
        "a whistle that is blown has its units",
        "select ticket from ticket_events as event
         where action = 'whistle' and not exists (
             select from ticket_calls as call
             where call.ticket = event.ticket and call.whistle = event.seq)",
    ),
    (
        "a meeting that was held has its lead",
        "select ticket from ticket_events as event
         where action = 'meet' and not exists (
             select from ticket_meetings as meeting
             where meeting.ticket = event.ticket and meeting.seq = event.seq)",
    ),
    (
        "what came to another unit is a notice, or in line to be one",
        "select step.ticket from ticket_events as step
         join ticket_events as before on before.ticket = step.ticket and before.seq = step.seq - 1
         where step.unit <> before.unit
           and step.to_state not in ('closed', 'not_filed', 'evaluated', 'merged', 'void')
           and not exists (select from notices
                           where notices.ticket = step.ticket and notices.seq = step.seq)
           and not exists (select from steps_to_tell as line
                           where line.ticket = step.ticket and line.seq = step.seq)",
    ),
    (
        "no step is told of twice, nor told of and in line",
        "select ticket from (
             select ticket, seq from notices where mark_at is null
             union all
             select ticket, seq from steps_to_tell) as told
         group by ticket, seq having count(*) > 1",
    ),
    (
        "no event of a webhook's is left untold",
        "select event.ticket from ticket_events as event cross join webhooks
         where event.at > webhooks.added_at and actions = '{}' and states = '{}' and delivered = 0
           and not exists (select from outbox where outbox.webhook = webhooks.id
                           and outbox.ticket = event.ticket and outbox.seq = event.seq)",
    ),
];

/// Checks every law, and folds every history by the table of rules.
///
/// # Panics
/// With the law and the first tickets that break it.
pub async fn check(client: &Client) {
    laws(client).await;
    fold(client).await;
}

/// Checks every law.
///
/// # Panics
/// With the law and the first tickets that break it.
pub async fn laws(client: &Client) {
    for (law, sql) in LAWS {
        let rows = client.query(&format!("{sql} limit 5"), &[]).await;
        let rows = rows.unwrap_or_else(|error| panic!("{law}: {error:?}"));
        let broken: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        assert!(broken.is_empty(), "{law}, but not of {broken:?}");
    }
}

/// Every history leads by the program's own table to the state the ticket shows, and what was
/// answered had been asked.
async fn fold(client: &Client) {
    let sql = "select ticket, action, to_state from ticket_events order by ticket, seq";
    let rows = client.query(sql, &[]).await.expect("the events can be read");
    let (mut of, mut state, mut asked) = (0_i64, State::New, Vec::new());
    for row in rows {
        let ticket: i64 = row.get("ticket");
        if ticket != of {
            (of, state, asked) = (ticket, State::New, Vec::new());
        }
        let action = Action::from_code(row.get("action")).expect("an action");
        let rule = rule(state, action).unwrap_or_else(|| panic!("{ticket}: {state} {action}"));
        assert_eq!(rule.to.code(), row.get::<_, &str>("to_state"), "{ticket}: {state} {action}");
        match action.asking() {
            Some(Asking::Ask(request)) => asked.push(request),
            Some(Asking::Grant(request) | Asking::Deny(request)) => {
                assert!(asked.contains(&request), "{ticket}: {action} of what nobody asked");
                asked.retain(|other| *other != request);
            }
            None => {}
        }
        state = rule.to;
    }
}
