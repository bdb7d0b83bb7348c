-- The inspection recorded under this key.
-- $1 campaign, $2 key
select id, person, report from campaign_inspections where campaign = $1 and key = $2
