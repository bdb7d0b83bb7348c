-- Ends every session of somebody.
-- $1 person
delete from sessions where person = $1
