-- Records what happened to a campaign.
-- $1 campaign, $2 number, $3 change, $4 who, $5 now, $6 note, $7 what it is to be
insert into campaign_events (campaign, seq, change, person, at, note, plan)
values ($1, $2, $3, $4, $5, $6, $7)
