-- What a campaign has come to in some level-3 cells, in the order of their codes; those where
-- nothing was counted are left out.
-- $1 campaign, $2 cells, $3 the wish (migration 0004), $4 now
with tickets_of as (
    select t.cell, count(*) as opened, count(closed_at) as closed,
           count(closed_at) filter (where not late) as in_time,
           count(*) filter (where closed_at is null and due_at < $4::timestamptz) as overdue
    from campaign_members($1, 'page', $2::text[], $3::ticket_wish) as t
    where t.state not in ('not_filed', 'merged', 'void')
    group by t.cell
), places_of as (
    select i.cell, count(distinct i.what) as places
    from campaign_inspections as i
    where i.campaign = $1 and i.cell = any ($2) and inspection_fits(i, $3::ticket_wish)
      and coalesce((select sensitive_fits(t, $3::ticket_wish)
                    from tickets as t where t.id = i.report), true)
    group by i.cell
)
select cell, coalesce(places, 0) as places, coalesce(opened, 0) as opened,
       coalesce(closed, 0) as closed, coalesce(in_time, 0) as in_time,
       coalesce(overdue, 0) as overdue
from tickets_of
full join places_of using (cell)
order by cell
