-- Everybody's events after a position, up to the high-water mark.
select
    position, user_id, sequence, task_id, version, type, schema_version,
    data::text as data, metadata::text as metadata, recorded_at, digest, chain
from taskfold.event
where position > %(after)s and position <= %(until)s
order by position
limit %(limit)s
