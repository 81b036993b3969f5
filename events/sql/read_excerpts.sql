-- What undoing an event (or the last one, sequence 0) of some tasks takes of their streams: the
-- events around it, the last of each type before those, and the last of each type.
-- One pass over a stream finds the versions, and only these are read.
select excerpt.*
from unnest(%(user_ids)s::text[], %(task_ids)s::bigint[], %(sequences)s::bigint[])
    as wanted (user_id, task_id, sequence)
cross join lateral (
    select coalesce(min(version) filter (where sequence = wanted.sequence), max(version)) as version
    from taskfold.event
    where event.user_id = wanted.user_id and event.task_id = wanted.task_id
) as undone
cross join lateral (
    select array_agg(last) || array_agg(earlier) as versions
    from (
        select
            max(version) as last,
            max(version) filter (where version < undone.version - %(around)s) as earlier
        from taskfold.event
        where event.user_id = wanted.user_id and event.task_id = wanted.task_id
        group by type
    ) as of_type
) as found
cross join lateral (
    select
        user_id, sequence, task_id, version, type, schema_version,
        data::text as data, metadata::text as metadata, recorded_at, digest, chain
    from taskfold.event
    where event.user_id = wanted.user_id
        and event.task_id = wanted.task_id
        and event.version = any(found.versions || array(
            select generate_series(undone.version - %(around)s, undone.version + %(around)s)
        ))
    order by event.version
) as excerpt
