-- The number of the latest notice; 0 when there is none.
select coalesce(max(number), 0) as number from notices
