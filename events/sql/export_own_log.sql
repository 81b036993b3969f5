-- A page of one user's log in order, up to a sequence, with the sequence for a position. What was
-- erased is no longer to be seen, even before it is gone; what says so of a log stays.
select
    sequence as position, user_id, sequence, task_id, version, type, schema_version,
    case when is_erased then 'null' else data::text end as data,
    case when is_erased then 'null' else metadata::text end as metadata,
    recorded_at, digest, chain
from taskfold.event
cross join lateral (
    select event.type <> 'LogErased' and event.sequence <= max(erased_through) as is_erased
    from taskfold.user_log
    where user_log.user_id = %(user_id)s
) as erasure
where user_id = %(user_id)s and sequence > %(after)s and sequence <= %(until)s
order by sequence
limit %(limit)s
