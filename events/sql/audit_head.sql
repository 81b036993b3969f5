-- The head of one user's log, and whether there is any event behind it.
select
    user_id, sequence, chain, last_task_id,
    case when recorded_at is not null
        then least(greatest(recorded_at, '0001-01-03Z'), '9999-12-29Z')
    end as recorded_at,
    erased_through, cleared_through,
    exists (select from taskfold.event where event.user_id = user_log.user_id) as has_events
from taskfold.user_log
where user_id = %(user_id)s
