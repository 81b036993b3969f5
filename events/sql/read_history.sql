-- A page of the logs of a range of users, as far as a position: what a fold needs, and no more.
select
    position, user_id, sequence, task_id, version, type, schema_version,
    data::text, metadata::text, recorded_at
from taskfold.event
where (user_id, sequence) > (%(user_id)s, %(sequence)s)
    and user_id <= %(last_user)s
    and position <= %(until)s
order by user_id, sequence
limit %(limit)s
