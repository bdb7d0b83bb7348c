-- Who recorded a try under this key.
-- $1 household, $2 date, $3 key
select person from care_tries where household = $1 and due_on = $2 and key = $3
