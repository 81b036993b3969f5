-- Write imported events with the positions they came with. (COPY, which is faster, is refused to
-- whoever row-level security binds.)
insert into taskfold.event (
    position, user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, digest, chain
)
overriding system value
select
    position, user_id, sequence, task_id, version, type, schema_version,
    data::jsonb, metadata::jsonb, recorded_at, digest, chain
from unnest(
    %(positions)s::bigint[],
    %(user_ids)s::text[], %(sequences)s::bigint[], %(task_ids)s::bigint[], %(versions)s::int[],
    %(types)s::text[], %(schema_versions)s::smallint[], %(data)s::text[], %(metadata)s::text[],
    %(recorded_at)s::timestamptz[], %(digests)s::bytea[], %(chains)s::bytea[]
) as imported (
    position, user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, digest, chain
)
