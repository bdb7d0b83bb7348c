-- What became of a visit.
-- $1 household, $2 date, $3 result, $4 now
update care_visits set result = $3, result_at = $4
where household = $1 and due_on = $2 and result is null
