//! A million tickets, straight into the database, each with the events that lead to its state.
//!
//! One in a hundred is live, and of those one in ten overdue; nine of ten live ones are among the
//! newest 3 %. Of those that ended 94 % were evaluated, six in ten of them settled on the spot; the
//! others were not filed or voided. Cells and categories are uneven: the fullest cell has
//! thirty times as many as the emptiest.

use tokio_postgres::Client;

/// How many.
pub const TICKETS: i64 = 1_000_000;

/// The newest of them: dispatched, for those who measure moving.
pub const DISPATCHED: i64 = 3_200;

/// The paths to the states: name, state, step by step `from action to`, and whose it is then
/// (the centre's or the cell's team).
const PATHS: &str = "
    create temporary table steps as
    select path, seq, from_state, action, to_state from (values
        ('reported', 1, 'new', 'open', 'reported'),
        ('looking', 1, 'new', 'open', 'reported'),
        ('looking', 2, 'reported', 'look', 'looking'),
        ('not_filed', 1, 'new', 'open', 'reported'),
        ('not_filed', 2, 'reported', 'refuse', 'not_filed'),
        ('void', 1, 'new', 'open', 'reported'),
        ('void', 2, 'reported', 'ask_void', 'reported'),
        ('void', 3, 'reported', 'grant_void', 'void'),
        ('settled', 1, 'new', 'open', 'reported'),
        ('settled', 2, 'reported', 'settle_on_spot', 'closed'),
        ('settled', 3, 'closed', 'evaluate', 'evaluated'),
        ('returned', 4, 'dispatched', 'ask_return', 'returned'),
        ('on_site', 5, 'accepted', 'arrive', 'on_site'),
        ('raised_2', 5, 'accepted', 'raise_to_2', 'raised_2'),
        ('suspended', 5, 'accepted', 'ask_suspension', 'accepted'),
        ('suspended', 6, 'accepted', 'grant_suspension', 'suspended'),
        ('done', 5, 'accepted', 'feed_back', 'done'),
        ('rework', 5, 'accepted', 'feed_back', 'done'),
        ('rework', 6, 'done', 'send_back', 'rework'),
        ('inspected', 5, 'accepted', 'feed_back', 'done'),
        ('inspected', 6, 'done', 'confirm', 'inspected'),
        ('closed', 5, 'accepted', 'feed_back', 'done'),
        ('closed', 6, 'done', 'confirm', 'inspected'),
        ('closed', 7, 'inspected', 'close', 'closed'),
        ('evaluated', 5, 'accepted', 'feed_back', 'done'),
        ('evaluated', 6, 'done', 'confirm', 'inspected'),
        ('evaluated', 7, 'inspected', 'close', 'closed'),
        ('evaluated', 8, 'closed', 'evaluate', 'evaluated')
    ) as row (path, seq, from_state, action, to_state)
    union all
    select path, seq, from_state, action, to_state
    from unnest(array['filed', 'dispatched', 'accepted', 'returned', 'on_site', 'raised_2',
                      'suspended', 'done', 'rework', 'inspected', 'closed', 'evaluated']) as path
    cross join (values
        (1, 'new', 'open', 'reported'), (2, 'reported', 'file', 'filed'),
        (3, 'filed', 'dispatch', 'dispatched'), (4, 'dispatched', 'accept', 'accepted')
    ) as row (seq, from_state, action, to_state)
    where not (path = 'filed' and seq > 2) and not (path = 'dispatched' and seq > 3)
      and not (path = 'returned' and seq > 3);
    create temporary table ends as
    select distinct on (path) path, seq, to_state as state from steps order by path, seq desc;";

/// What each ticket is like. `$n` tickets, 90 seconds apart, the last one opened now.
const LIKE: &str = "
    select setseed(0.5);
    create temporary table like_this as
    select drawn.id, code, community, street, shape, team, category, opened_at, path, how, due
    from (
        select id, opened_at, how, due, category, cell,
               case when id > tickets - dispatched then 'dispatched'
                    when lives then (array['reported', 'looking', 'filed', 'accepted', 'accepted',
                                           'accepted', 'on_site', 'on_site', 'returned',
                                           'raised_2', 'suspended', 'done', 'rework', 'inspected',
                                           'closed', 'closed'])[1 + floor(fate * 16)::int]
                    when fate < 0.56 then 'settled' when fate < 0.94 then 'evaluated'
                    when fate < 0.965 then 'not_filed'
                    else 'void' end as path
        from (
            select id, tickets, dispatched, random() as fate, random() as how,
                   now() - (tickets - id) * interval '90 seconds' as opened_at,
                   1 + floor(5041 * power(random(), 1.4))::int as cell,
                   (1101 + floor(67 * power(random(), 2)))::text as category,
                   case when id > tickets * 0.97 then random() < 0.2 else random() < 0.0007 end
                       as lives,
                   now() + case when random() < 0.1 then -random() * interval '20 days'
                                else random() * interval '6 days' end as due
            from (select {tickets} as tickets, {dispatched} as dispatched) as numbers,
                 generate_series(1, tickets) as id) as chances) as drawn
    join (
        select row_number() over (order by small.code) as cell, small.code,
               small.parent as community, large.parent as street, small.label_at as shape,
               (select unit from posts join people on people.id = posts.person
                where posts.level = 3 and posts.cell = small.code and posts.role = 'leader') as team
        from cells as small
        join cells as large on large.edition = 2 and large.level = 2 and large.code = small.parent
        where small.edition = 2 and small.level = 3) as places using (cell);";

const REPORTS: &str = "
    insert into reports (id, channel, category, text, happened_at, received_at, datum, place,
                         edition, cell, basis)
    select id, 'hotline', category, '围墙之间堆放垃圾，气味很大，请尽快派人清理', opened_at,
           opened_at, 'wgs84', shape, 2, code, 'inside'
    from like_this;";

const TICKET_ROWS: &str = "
    insert into tickets (id, state, seq, unit, handled_unit, category, urgent, sensitive,
                         supervised, place, edition, cell, community, street, opened_at, closed_at,
                         ended_at, stage, clock, warn_at, due_at, long_at, review_at)
    select id, state, seq,
           case when path in ('looking', 'dispatched', 'accepted', 'on_site', 'raised_2',
                              'suspended', 'rework') then team else 1 end,
           case when path in ('evaluated', 'returned', 'done', 'rework', 'inspected', 'closed')
                then team end,
           category, how < 0.05, how > 0.998, how between 0.1 and 0.11, shape, 2, code, community,
           street, opened_at,
           case when path = 'settled' then opened_at + interval '1 minute'
                when state in ('closed', 'evaluated') then opened_at + interval '6 minutes' end,
           case when not lives then opened_at + interval '2 days' end,
           case when lives then 'handle' end,
           case when lives then jsonb_build_object(
               'started_at', opened_at, 'limit', '3wd', 'extensions', '[]'::jsonb,
               'pauses', '[]'::jsonb, 'stopped_at', null) end,
           case when runs then due - interval '12 hours' end, case when runs then due end,
           case when runs then due + interval '6 days' end,
           case when lives and not runs then now() + interval '90 days' end
    from (select *, state not in ('not_filed', 'evaluated', 'merged', 'void') as lives,
                 state not in ('not_filed', 'evaluated', 'merged', 'void', 'suspended') as runs
          from like_this join ends using (path)) as tickets;";

const EVENT_ROWS: &str = "
    insert into ticket_events (ticket, seq, from_state, action, to_state, person, unit, at)
    select id, steps.seq, from_state, action, to_state, case when action like 'ask%' then 2 else 1
           end, case when steps.seq = tickets.seq then unit else 1 end,
           opened_at + (steps.seq - 1) * interval '1 minute'
    from tickets join like_this using (id, opened_at) join steps using (path);
    insert into ticket_requests (ticket, request, asked_seq, asked_by, answered_seq, granted)
    select ticket, substr(action, 5), seq, person, seq + 1, true
    from ticket_events where action like 'ask%' and action <> 'ask_return';
    insert into notices (number, kind, ticket, seq, told_at)
    select nextval('notice_numbers'), 'came', step.ticket, step.seq, now()
    from ticket_events as step
    join ticket_events as before on before.ticket = step.ticket and before.seq = step.seq - 1
    where step.unit <> before.unit
      and step.to_state not in ('closed', 'not_filed', 'evaluated', 'void');";

/// Fills the tables; the edition and its people are there.
///
/// # Panics
/// When the database refuses.
pub async fn fill(client: &Client) {
    let like = LIKE.replace("{tickets}", &TICKETS.to_string());
    let like = like.replace("{dispatched}", &DISPATCHED.to_string());
    // Row by row the checks of foreign keys would take an hour; all are read back afterwards. It is
    // one transaction, because the keeper of the server looks for what is owed already.
    let steps = ["begin; set local session_replication_role = replica;", PATHS, &like, REPORTS];
    let steps = steps.into_iter().chain([TICKET_ROWS, EVENT_ROWS, "commit", "vacuum analyze"]);
    for step in steps.chain(["checkpoint"]) {
        let done = client.batch_execute(step).await;
        done.unwrap_or_else(|error| panic!("{error:?}\n{step}"));
    }
}
