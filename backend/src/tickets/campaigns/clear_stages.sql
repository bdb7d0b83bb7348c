-- Takes the stages of a campaign away, for others to be set; what they were is in its events.
-- $1 campaign
delete from campaign_stages where campaign = $1
