-- Records a visit that falls due, with its ticket; no row when there was one for the date.
-- $1 household, $2 date, $3 now, $4 ticket
insert into care_visits (household, due_on, made_at, ticket)
values ($1, $2, $3, $4)
on conflict (household, due_on) do nothing
returning due_on
