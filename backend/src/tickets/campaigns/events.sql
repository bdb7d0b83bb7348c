-- What happened to a campaign, in order.
-- $1 campaign
select seq, change, people.name, at, note, plan
from campaign_events
join people on people.id = campaign_events.person
where campaign = $1
order by seq
