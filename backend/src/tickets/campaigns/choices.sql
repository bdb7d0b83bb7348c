-- Choices by hand for a campaign, newest first, on tickets that somebody may see.
-- $1 campaign, $2 the wish (migration 0004), $3 before this number, $4 how many at most
select chosen.id, chosen.ticket, chosen.belongs, people.name, chosen.at, chosen.why
from campaign_choices as chosen
join tickets as t on t.id = chosen.ticket
join people on people.id = chosen.person
where chosen.campaign = $1 and chosen.id < $3 and ticket_fits(t, $2::ticket_wish)
order by chosen.id desc
limit $4
