-- Keeps that somebody looked.
-- $1 report, $2 who, $3 now, $4 why
insert into report_personal_views (report, person, at, reason) values ($1, $2, $3, $4)
