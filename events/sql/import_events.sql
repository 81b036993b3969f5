-- Write imported events; COPY keeps the positions they came with.
copy taskfold.event (
    position, user_id, sequence, task_id, version, type, schema_version,
    data, metadata, recorded_at, digest, chain
) from stdin
