-- Is PostGIS switched on in this database?
select extversion from pg_extension where extname = 'postgis'
