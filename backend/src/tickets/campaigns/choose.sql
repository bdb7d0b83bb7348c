-- Records a choice by hand.
-- $1 campaign, $2 ticket, $3 whether it belongs, $4 who, $5 now, $6 why
insert into campaign_choices (campaign, ticket, belongs, person, at, why)
values ($1, $2, $3, $4, $5, $6)
returning id
