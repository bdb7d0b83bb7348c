-- Gives notices their numbers, in this order, and says who hears of them.
-- $1 kinds, $2 tickets, $3 steps, $4 marks (null: of a step), $5 now, $6 which notice (from 1) each
-- hearer is of, $7 hearers
with given as materialized (
    select nextval('notice_numbers') as number, row.*
    from (select *
          from unnest($1::text[], $2::bigint[], $3::integer[], $4::timestamptz[])
              with ordinality as row (kind, ticket, seq, mark_at, place)
          order by place) as row
), told as (
    insert into notices (number, kind, ticket, seq, mark_at, told_at)
    select number, kind, ticket, seq, mark_at, $5 from given
    on conflict on constraint mark_is_told_once do nothing
    returning number
)
insert into notice_hearers (hearer, number)
select hearer.hearer, number
from unnest($6::bigint[], $7::text[]) as hearer (place, hearer)
join given using (place)
join told using (number)
