-- The events of some tasks, each after the version the reader already knows.
-- Lateral with its own order: one index probe a task, whatever the planner believes of the table.
select stream.*
from jsonb_to_recordset(%(streams)s::jsonb)
    as wanted (user_id text, task_id bigint, known_version int)
cross join lateral (
    select
        user_id, sequence, task_id, version, type, schema_version,
        data::text as data, metadata::text as metadata, recorded_at, digest, chain
    from taskfold.event
    where event.user_id = wanted.user_id
        and event.task_id = wanted.task_id
        and event.version > wanted.known_version
    order by event.version
) as stream
