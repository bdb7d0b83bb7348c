-- Every category, by code.
select code, zh, en from categories order by code
