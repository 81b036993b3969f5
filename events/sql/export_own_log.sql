-- A page of one user's log in order, up to a sequence, with the sequence for a position.
select
    sequence as position, user_id, sequence, task_id, version, type, schema_version,
    data::text as data, metadata::text as metadata, recorded_at, digest, chain
from taskfold.event
where user_id = %(user_id)s and sequence > %(after)s and sequence <= %(until)s
order by sequence
limit %(limit)s
