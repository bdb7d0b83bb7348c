-- When clocks were last looked at.
select looked_at from notice_looks
