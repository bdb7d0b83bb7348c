-- How many reports of the last 365 days lie in these cells? Sensitive ones are counted for nobody.
-- $1 codes of level-3 cells
select count(*) as reports
from reports
where cell = any ($1) and happened_at > now() - interval '365 days' and not sensitive
