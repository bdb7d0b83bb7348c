-- Which migrations have been applied, in order?
select number, name, sha256 from migrations order by number
