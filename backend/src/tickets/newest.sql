-- Tickets that this person may see, newest first.
-- Of the ways in one is gone, by the index that narrows most; the others cost nothing. What has
-- ended is read in order until the page is full; of what is live there is little.
-- $1 the way in (tickets::lists::Way), $2 live ones wanted, $3 ended ones, $4 to $17 the wish
-- (migration 0004): state, level-3 cell, community, street, category, unit, due before (each null:
-- any), sees all that is not sensitive, their unit, codes of their cells of level 3, 2 and 1, sees
-- all that is sensitive, the unit whose sensitive ones they see (null: none),
-- $18 before this number, $19 how many at most
with asked as not materialized (
    select $1::text as way, $2::boolean as live, $3::boolean as ended,
           row($4::text, $5::text, $6::text, $7::text, $8::text, $9::bigint, $10::timestamptz,
               $11::boolean, $12::bigint, $13::text[], $14::text[], $15::text[], $16::boolean,
               $17::bigint)::ticket_wish as wish,
           -- Of tickets a whistle called their unit to, they see all, if they see sensitive ones.
           row($4::text, $5::text, $6::text, $7::text, $8::text, $9::bigint, $10::timestamptz,
               true, $12::bigint, $13::text[], $14::text[], $15::text[],
               $17::bigint is not null, $17::bigint)::ticket_wish as called_wish,
           $18::bigint as before
), found as (
    (select t.id from asked, tickets as t
     where way = 'all'
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'cell' and live and t.ended_at is null and t.cell = (wish).cell
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'cell' and ended and t.ended_at is not null and t.cell = (wish).cell
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'community' and live and t.ended_at is null and t.community = (wish).community
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'community' and ended and t.ended_at is not null and t.community = (wish).community
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'category' and live and t.ended_at is null and t.category = (wish).category
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'category' and ended and t.ended_at is not null and t.category = (wish).category
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'unit' and live and t.ended_at is null and t.unit = (wish).unit
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'unit' and ended and t.ended_at is not null and t.unit = (wish).unit
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'state' and live and t.ended_at is null and t.state = (wish).state
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'state' and ended and t.ended_at is not null
       and t.state <> 'evaluated' and t.state = (wish).state
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'category_and_state' and t.ended_at is not null and t.state <> 'evaluated'
       and t.category = (wish).category and t.state = (wish).state
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'overdue' and live and t.ended_at is null
       and t.next_at > '-infinity' and t.next_at < (wish).due_before
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'own' and live and t.ended_at is null
       and (t.unit = (wish).own_unit or t.handled_unit = (wish).own_unit
         or t.cell = any((wish).own_cells) or t.community = any((wish).own_communities))
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'own' and ended and t.ended_at is not null and t.unit = (wish).own_unit
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, tickets as t
     where way = 'own' and ended and t.ended_at is not null and t.handled_unit = (wish).own_unit
       and t.id < before and ticket_fits(t, wish)
     order by t.id desc limit $19)
    union all
    (select t.id from asked, unnest((wish).own_cells) as post (code) cross join lateral (
        select t.id from tickets as t
        where t.ended_at is not null and t.cell = post.code
          and t.id < before and ticket_fits(t, wish)
        order by t.id desc limit $19) as t
     where way = 'own' and ended
     order by t.id desc limit $19)
    union all
    (select t.id from asked, unnest((wish).own_communities) as post (code) cross join lateral (
        select t.id from tickets as t
        where t.ended_at is not null and t.community = post.code
          and t.id < before and ticket_fits(t, wish)
        order by t.id desc limit $19) as t
     where way = 'own' and ended
     order by t.id desc limit $19)
    union all
    (select t.id from asked, ticket_calls as call join tickets as t on t.id = call.ticket
     where not (wish).sees_all and call.unit = (wish).own_unit
       and t.id < before and ticket_fits(t, called_wish)
     order by t.id desc limit $19)
)
select tickets.id, state, seq, level, unit, units.name as unit_name, units.kind as unit_kind,
       handled_unit, handled_by, category, urgent, sensitive, supervised, st_x(place) as lng,
       st_y(place) as lat, edition, cell, community, street, opened_at, ended_at, stage, clock,
       warn_at, due_at, long_at, provisional, review_at, merged_into, arrive_clock,
       arrive_due_at, arrived_at
from (select distinct id from found order by id desc limit $19) as page
join tickets using (id)
join units on units.id = tickets.unit
order by id desc
