-- Write the entries of a group in the order they were decided.
insert into taskfold.event (
    user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, digest, chain
)
select
    user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, decode(digest, 'base64'), decode(chain, 'base64')
from rows from (
    jsonb_to_recordset(%(entries)s::jsonb) as (
        user_id text, sequence bigint, task_id bigint, version int, type text,
        schema_version smallint, data jsonb, metadata jsonb, recorded_at timestamptz,
        digest text, chain text
    )
) with ordinality as entry (
    user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, digest, chain, place
)
order by place
