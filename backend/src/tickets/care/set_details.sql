-- Keeps who lives in a household.
-- $1 household, $2 name, $3 telephone, $4 address, $5 remarks
insert into household_details (household, name, phone, address, remarks)
values ($1, $2, $3, $4, $5)
on conflict (household) do update
set name = excluded.name, phone = excluded.phone, address = excluded.address,
    remarks = excluded.remarks
