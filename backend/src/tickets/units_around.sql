-- The units a ticket may be handed to by rule: of its cell, the community and the district above,
-- each the unit of the leader posted there; the linkage centre where nobody is.
-- $1 ticket
select centre.id as centre,
       coalesce((select min(people.unit) from posts join people on people.id = posts.person
                 where posts.level = 3 and posts.cell = tickets.cell
                   and posts.role = 'leader'), centre.id) as cell,
       coalesce((select min(people.unit) from posts join people on people.id = posts.person
                 where posts.level = 2 and posts.cell = tickets.community
                   and posts.role = 'leader'), centre.id) as level_2,
       coalesce((select min(people.unit) from posts join people on people.id = posts.person
                 where posts.level = 1 and posts.cell = tickets.street
                   and posts.role = 'leader'), centre.id) as level_1
from tickets
cross join (select min(id) as id from units where kind = 'centre') as centre
where tickets.id = $1
