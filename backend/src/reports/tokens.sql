-- Every token without its secret, newest first.
-- $1 only this one (null: all)
select tokens.id, tokens.name, channel, people.name as issued_by, issued_at, expires_at, used_on,
       revoked_at
from tokens
join people on people.id = tokens.issued_by
where $1::bigint is null or tokens.id = $1
order by tokens.id desc
