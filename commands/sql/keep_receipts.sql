-- Remember what some keys have brought, in the transaction of the events themselves.
insert into taskfold.receipt (
    user_id, key, fingerprint, task_id, version, sequence, changed, steps, created_at
)
select user_id, key, fingerprint, task_id, version, sequence, changed, steps::jsonb, created_at
from unnest(
    %(user_ids)s::text[], %(keys)s::text[], %(fingerprints)s::bytea[], %(task_ids)s::bigint[],
    %(versions)s::int[], %(sequences)s::bigint[], %(changed)s::boolean[],
    %(steps)s::text[], %(created_at)s::timestamptz[]
) as kept (
    user_id, key, fingerprint, task_id, version, sequence, changed, steps, created_at
)
