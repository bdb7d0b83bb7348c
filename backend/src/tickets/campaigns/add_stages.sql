-- Sets the stages of a campaign, in order.
-- $1 campaign, $2 names, $3 begins, $4 ends, $5 targets
insert into campaign_stages (campaign, number, name, begins_at, ends_at, targets)
select $1, number, name, begins_at, ends_at, targets
from unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::jsonb[])
    with ordinality as stage (name, begins_at, ends_at, targets, number)
