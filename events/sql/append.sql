-- Write the entries of a group in the order they were decided.
insert into taskfold.event (
    user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, digest, chain
)
select
    user_id, sequence, task_id, version, type, schema_version,
    data::jsonb, metadata::jsonb, recorded_at, digest, chain
from unnest(
    %(user_ids)s::text[], %(sequences)s::bigint[], %(task_ids)s::bigint[], %(versions)s::int[],
    %(types)s::text[], %(schema_versions)s::smallint[], %(data)s::text[], %(metadata)s::text[],
    %(recorded_at)s::timestamptz[], %(digests)s::bytea[], %(chains)s::bytea[]
) with ordinality as entry (
    user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, digest, chain, place
)
order by place
