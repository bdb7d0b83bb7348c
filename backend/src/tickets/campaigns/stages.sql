-- The stages of campaigns, in order.
-- $1 campaigns
select campaign, name, begins_at, ends_at, targets
from campaign_stages
where campaign = any ($1)
order by campaign, number
