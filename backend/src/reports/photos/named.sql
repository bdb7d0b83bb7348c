-- Of photos that a report names: how many wait or are this very report's already, sent again.
-- $1 numbers, $2 the report's channel, $3 its key, $4 sent after this
select count(*) as known
from photos
left join reports on reports.id = photos.report
where photos.id = any ($1)
  and case when used_at is null then sent_at > $4
           else reports.channel = $2 and reports.key = $3 end
