-- Which PostGIS is this, as in 3.3.2?
select postgis_lib_version() as version
