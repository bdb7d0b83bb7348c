-- Mergings and what was taken apart again, told in both histories: which other ticket, and which
-- of its events, an event of this kind is about. A row for each of the two, each the other's
-- mirror, so that neither history tells it alone. Where a ticket leads now, its own row shows.

create table ticket_merges (
    ticket bigint not null,
    seq integer not null,
    other bigint not null,
    other_seq integer not null,
    primary key (ticket, seq),
    constraint merge_has_its_event foreign key (ticket, seq) references ticket_events,
    constraint merge_is_of_two check (ticket <> other),
    constraint merge_has_two_sides unique (ticket, seq, other, other_seq),
    constraint merge_is_told_in_both foreign key (other, other_seq, ticket, seq)
        references ticket_merges (ticket, seq, other, other_seq)
);

-- A ticket is merged into one that is open, so not merged itself, and never when others were
-- merged into it: there is no chain and no circle. A key over (merged_into, whether that is merged)
-- would say so, too, but every report that comes in would pay for its index. The other ticket is
-- kept as it is until the end of the transaction, and whoever changes this one waits for its lock:
-- of two that merge into each other the second is refused. (The service locks both beforehand, in
-- the order of their numbers, so that nobody waits in a circle.)
create function ticket_merges_one_deep() returns trigger language plpgsql as $$
begin
    perform from tickets
    where id = new.merged_into and ended_at is null and closed_at is null
      and (sensitive or not new.sensitive)
    for share;
    if not found or exists (select from tickets where merged_into = new.id) then
        raise exception 'a ticket is merged into one that is open and not merged itself'
            using errcode = 'restrict_violation', constraint = 'ticket_merges_one_deep';
    end if;
    return new;
end $$;
create trigger tickets_merge_one_deep before update of merged_into on tickets for each row
    when (new.merged_into is not null and old.merged_into is distinct from new.merged_into)
    execute function ticket_merges_one_deep();
