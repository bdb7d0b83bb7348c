-- The next date a visit to a household falls due (null: none will).
-- $1 household, $2 date
update households set next_on = $2 where id = $1
