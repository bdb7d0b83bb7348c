-- Places looked at for a campaign, newest first, as far as somebody may know of them.
-- $1 campaign, $2 the wish (migration 0004), $3 before this number, $4 how many at most
select i.id, i.what, st_x(i.place) as lng, st_y(i.place) as lat, i.edition, i.cell, i.at,
       people.name, units.name as unit_name, i.report
from campaign_inspections as i
join people on people.id = i.person
join units on units.id = i.unit
where i.campaign = $1 and i.id < $3 and inspection_fits(i, $2::ticket_wish)
  and coalesce((select sensitive_fits(t, $2::ticket_wish)
                from tickets as t where t.id = i.report), true)
order by i.id desc
limit $4
