-- What has been applied to this database. The hash tells a file that was changed afterwards.
create table if not exists migrations (
    number integer primary key,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default now()
)
