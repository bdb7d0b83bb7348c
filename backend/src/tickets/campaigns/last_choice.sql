-- What was chosen last of a ticket for a campaign, which is kept from being changed meanwhile.
-- $1 campaign, $2 ticket
select unit, (select belongs from campaign_choices
              where campaign = $1 and ticket = $2 order by id desc limit 1) as belongs
from campaigns
where id = $1
for update
