-- Adds categories, or renames those whose code is known.
-- $1 codes, $2 Chinese names, $3 English names
insert into categories (code, zh, en)
select code, zh, en from unnest($1::text[], $2::text[], $3::text[]) as given (code, zh, en)
on conflict (code) do update set zh = excluded.zh, en = excluded.en
