-- Who lives in a household; no row when that was forgotten.
-- $1 household
select name, phone, address, remarks from household_details where household = $1
