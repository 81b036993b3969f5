-- A page of the logs of a range of users, as far as a position: what a fold needs, and no more.
-- A log that was erased begins behind what was erased of it, whether or not that is emptied yet.
select
    position, user_id, sequence, task_id, version, type, schema_version,
    data::text, metadata::text, recorded_at
from taskfold.event
where (user_id, sequence) > (%(user_id)s, %(sequence)s)
    and user_id <= %(last_user)s
    and position <= %(until)s
    and sequence > coalesce(
        (select erased_through from taskfold.user_log where user_log.user_id = event.user_id), 0
    )
order by user_id, sequence
limit %(limit)s
