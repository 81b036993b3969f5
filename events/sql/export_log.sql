-- A page of one user's log in order, up to a position.
select
    position, user_id, sequence, task_id, version, type, schema_version,
    data::text as data, metadata::text as metadata,
    least(greatest(recorded_at, '0001-01-03Z'), '9999-12-29Z') as recorded_at, digest, chain
from taskfold.event
where user_id = %(user_id)s and sequence > %(sequence)s and position <= %(until)s
order by sequence
limit %(limit)s
