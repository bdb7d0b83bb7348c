-- Lets somebody go or takes them back. The duty desk is never left without anybody by rule.
-- $1 person, $2 whether they work here
update people set active = $2
where id = $1
  and ($2 or not duty_desk or exists (select from people as other
                                      where other.duty_desk and other.active and other.id <> $1))
