-- One user's events after a sequence.
select
    user_id, sequence, task_id, version, type, schema_version,
    data::text as data, metadata::text as metadata, recorded_at, digest, chain
from taskfold.event
where user_id = %(user_id)s and sequence > %(after)s
order by sequence
limit %(limit)s
