-- Who looked, the newest first; of sensitive reports only to whoever may know of them.
-- $1 only of this report (null: all), $2 only with smaller numbers than this, $3 of sensitive
-- reports, too, $4 how many at most
select views.id, views.report, views.person, people.name, views.at, views.reason
from report_personal_views as views
join people on people.id = views.person
join reports on reports.id = views.report
where ($1::bigint is null or views.report = $1)
  and views.id < $2
  and (not reports.sensitive or $3)
order by views.id desc
limit $4
