-- Tells every server process something when this commits.
-- $1 the message
select pg_notify('wangge', $1)
