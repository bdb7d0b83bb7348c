-- Switches PostGIS on in this database.
create extension if not exists postgis
