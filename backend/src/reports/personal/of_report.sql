-- What a reporter told about themselves, as far as it is to be kept still.
-- $1 report, $2 now
select field, value, expires_at from report_personal where report = $1 and expires_at > $2
