-- Makes the service's own database in the private cluster.
create database wangge
