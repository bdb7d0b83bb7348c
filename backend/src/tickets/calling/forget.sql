-- Deletes what reporters told about themselves and nobody needs any more: because it has been kept
-- as long as may be, or because the ticket of its report, or the one that was merged into, has
-- ended long enough ago.
-- $1 now, $2 fields, $3 for each the days after the end, $4 how many at most
with due as (
    select kept.report, kept.field
    from report_personal as kept
    join unnest($2::text[], $3::integer[]) as rule (field, days) on rule.field = kept.field
    left join tickets as own on own.id = kept.report
    left join tickets as target on target.id = own.merged_into
    where kept.expires_at <= $1
       or case when own.merged_into is null then own.ended_at else target.ended_at end
          + rule.days * interval '24 hours' <= $1
    limit $4
)
delete from report_personal as kept
using due
where kept.report = due.report and kept.field = due.field
