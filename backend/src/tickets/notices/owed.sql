-- Whether there is anything to tell: a step in line, or clocks not looked at for a while (or looked
-- at in what is the future, since this clock was set back).
-- $1 now, $2 looked at then or earlier is long ago
select exists (select from steps_to_tell)
       or exists (select from notice_looks where looked_at <= $2 or looked_at > $1) as owed
