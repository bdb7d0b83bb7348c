-- Keeps what reporters told about themselves.
-- $1 reports, $2 fields, $3 values, $4 until when each is kept at most
insert into report_personal (report, field, value, expires_at)
select report, field, value, expires_at
from unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[])
    as given (report, field, value, expires_at)
