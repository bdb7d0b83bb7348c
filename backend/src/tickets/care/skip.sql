-- Records visits that were not made because nobody looked.
-- $1 household, $2 dates, $3 now
insert into care_visits (household, due_on, made_at, result, result_at)
select $1, due_on, $3, 'skipped', $3
from unnest($2::date[]) as due_on
on conflict (household, due_on) do nothing
