-- Note that a projection passes over an event, if that is the one it, or its rebuild, stopped at. The
-- row is locked, so that what it stopped at stays the same until the end of the transaction.
with stopped as (
    select name, failed_user_id, failed_sequence, failure
    from taskfold.projection
    where name = %(name)s
        and failed_user_id = %(user_id)s
        and failed_sequence = %(sequence)s
    order by generation
    limit 1
    for update
)
insert into taskfold.projection_skip (user_id, sequence, name, type, failure, skipped_at)
select event.user_id, event.sequence, stopped.name, event.type, stopped.failure, clock_timestamp()
from stopped
join taskfold.event as event
    on event.user_id = stopped.failed_user_id and event.sequence = stopped.failed_sequence
on conflict (user_id, sequence, name) do update
set failure = excluded.failure, skipped_at = excluded.skipped_at
