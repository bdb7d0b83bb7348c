-- What a campaign has come to: all of it under number 0, and stage by stage.
-- $1 campaign, $2 the way in (migration 0008), $3 the wish (migration 0004), $4 now
with spans as (
    select 0::smallint as number, timestamptz '-infinity' as begins, timestamptz 'infinity' as ends
    union all
    select number, begins_at, ends_at from campaign_stages where campaign = $1
), members as materialized (
    select t.opened_at, t.closed_at, t.late,
           t.closed_at is null and coalesce(t.due_at < $4::timestamptz, false) as overdue
    from campaign_members($1, $2, null, $3::ticket_wish) as t
    where t.state not in ('not_filed', 'merged', 'void')
), tickets_of as (
    select number, count(*) filter (where opened_at >= begins and opened_at < ends) as opened,
           count(*) filter (where closed_at >= begins and closed_at < ends) as closed,
           count(*) filter (where closed_at >= begins and closed_at < ends and not late)
               as in_time,
           count(*) filter (where opened_at >= begins and opened_at < ends and overdue) as overdue
    from spans
    cross join members
    group by number
), looked as materialized (
    select i.cell, i.what, i.at
    from campaign_inspections as i
    where i.campaign = $1 and inspection_fits(i, $3::ticket_wish)
      and coalesce((select sensitive_fits(t, $3::ticket_wish)
                    from tickets as t where t.id = i.report), true)
), places_of as (
    select number, count(distinct (cell, what)) as places
    from spans
    join looked on at >= begins and at < ends
    group by number
)
select number, coalesce(places, 0) as places, coalesce(opened, 0) as opened,
       coalesce(closed, 0) as closed, coalesce(in_time, 0) as in_time,
       coalesce(overdue, 0) as overdue
from spans
left join tickets_of using (number)
left join places_of using (number)
order by number
