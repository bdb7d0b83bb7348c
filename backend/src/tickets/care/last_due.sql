-- The last date a visit to a household fell due, if one did.
-- $1 household
select max(due_on) as due_on from care_visits where household = $1
