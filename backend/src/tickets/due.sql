-- Live tickets that this person may see, what is due first at the top; a suspended one is due when
-- it is reviewed.
-- Of the ways in one is gone, by the index that narrows most; the others cost nothing. A way that
-- leaves few reads them all, the whole district is read in order until the page is full.
-- $1 the way in (tickets::lists::Way), $2 to $15 the wish (migration 0004): state, level-3 cell,
-- community, street, category, unit, due before (each null: any), sees all that is not sensitive,
-- their unit, codes of their cells of level 3, 2 and 1, sees all that is sensitive, the unit whose
-- sensitive ones they see (null: none), $16 after this time and $17 this number, $18 how many at
-- most
with asked as not materialized (
    select $1::text as way,
           row($2::text, $3::text, $4::text, $5::text, $6::text, $7::bigint, $8::timestamptz,
               $9::boolean, $10::bigint, $11::text[], $12::text[], $13::text[], $14::boolean,
               $15::bigint)::ticket_wish as wish,
           -- Of tickets a whistle called their unit to, they see all, if they see sensitive ones.
           row($2::text, $3::text, $4::text, $5::text, $6::text, $7::bigint, $8::timestamptz,
               true, $10::bigint, $11::text[], $12::text[], $13::text[],
               $15::bigint is not null, $15::bigint)::ticket_wish as called_wish,
           $16::timestamptz as after_at, $17::bigint as after
), few as materialized (
    select t.id, t.next_at from asked, tickets as t
    where way = 'cell' and t.ended_at is null and t.cell = (wish).cell
      and ticket_fits(t, wish)
    union all
    select t.id, t.next_at from asked, tickets as t
    where way = 'community' and t.ended_at is null and t.community = (wish).community
      and ticket_fits(t, wish)
    union all
    select t.id, t.next_at from asked, tickets as t
    where way = 'category' and t.ended_at is null and t.category = (wish).category
      and ticket_fits(t, wish)
    union all
    select t.id, t.next_at from asked, tickets as t
    where way = 'unit' and t.ended_at is null and t.unit = (wish).unit
      and ticket_fits(t, wish)
    union all
    select t.id, t.next_at from asked, tickets as t
    where way = 'own' and t.ended_at is null
      and (t.unit = (wish).own_unit or t.handled_unit = (wish).own_unit
           or t.cell = any((wish).own_cells) or t.community = any((wish).own_communities))
      and ticket_fits(t, wish)
    union all
    select t.id, t.next_at from asked, ticket_calls as call join tickets as t on t.id = call.ticket
    where not (wish).sees_all and call.unit = (wish).own_unit and t.ended_at is null
      and ticket_fits(t, called_wish)
), found as (
    select few.id, few.next_at from asked, few
    where (few.next_at, few.id) > (after_at, after)
    union all
    (select t.id, t.next_at from asked, tickets as t
     where way = 'all' and t.ended_at is null and (t.next_at, t.id) > (after_at, after)
       and t.next_at < coalesce((wish).due_before, 'infinity') and ticket_fits(t, wish)
     order by t.next_at, t.id limit $18)
)
select tickets.id, state, seq, level, unit, units.name as unit_name, units.kind as unit_kind,
       handled_unit, handled_by, category, urgent, sensitive, supervised, st_x(place) as lng,
       st_y(place) as lat, edition, cell, community, street, opened_at, ended_at, stage, clock,
       warn_at, due_at, long_at, provisional, review_at, merged_into, arrive_clock,
       arrive_due_at, arrived_at
from (select distinct id, next_at from found order by next_at, id limit $18) as page
join tickets using (id)
join units on units.id = tickets.unit
order by page.next_at, id
