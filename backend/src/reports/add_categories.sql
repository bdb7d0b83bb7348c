-- Adds categories, or changes those whose code is known.
-- $1 codes, $2 Chinese names, $3 English names, $4 whether their reports are sensitive
insert into categories (code, zh, en, sensitive)
select code, zh, en, sensitive
from unnest($1::text[], $2::text[], $3::text[], $4::boolean[]) as given (code, zh, en, sensitive)
on conflict (code) do update
set zh = excluded.zh, en = excluded.en, sensitive = excluded.sensitive
