-- Notices for somebody before one they have, newest first; of those whose ticket they may not see
-- now, only the number.
-- $1 what they are (each as a hearer is written), $2 before this number, $3 how many at most,
-- $4 sees all that is not sensitive, $5 their unit, $6 codes of their cells of level 3, $7 of level
-- 2, $8 of level 1, $9 sees all that is sensitive, $10 the unit whose sensitive ones they see
-- (null: none)
with heard as (
    select distinct found.number
    from unnest($1::text[]) as own (hearer)
    cross join lateral (
        select number
        from notice_hearers as hearers
        where hearers.hearer = own.hearer and hearers.number < $2
        order by hearers.number desc
        limit $3) as found
    order by number desc
    limit $3
)
select notices.number, notices.kind, coalesce(mark_at, step.at) as at, notices.ticket, notices.seq,
       step.action, step.to_state, step.unit, units.name as unit_name, t.category, t.cell, t.urgent,
       t.sensitive, t.due_at,
       ticket_fits(t, row(null, null, null, null, null, null, null, $4::boolean, $5::bigint,
                          $6::text[], $7::text[], $8::text[], $9::boolean,
                          $10::bigint)::ticket_wish)
       or exists (select from ticket_calls as calls where calls.ticket = t.id and calls.unit = $5)
          and (not t.sensitive or $9 or $10 is not null) as seen
from heard
join notices using (number)
join ticket_events as step on step.ticket = notices.ticket and step.seq = notices.seq
join tickets as t on t.id = notices.ticket
join units on units.id = step.unit
order by notices.number desc
