-- Every category, by code.
select code, zh, en, sensitive from categories order by code
