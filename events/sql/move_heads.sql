-- Move the heads of the logs a group has appended to; the rows are locked already.
update taskfold.user_log
set
    sequence = moved.sequence,
    chain = moved.chain,
    last_task_id = moved.last_task_id,
    recorded_at = moved.recorded_at,
    erased_through = moved.erased_through
from unnest(
    %(user_ids)s::text[], %(sequences)s::bigint[], %(chains)s::bytea[],
    %(last_task_ids)s::bigint[], %(recorded_at)s::timestamptz[], %(erased_through)s::bigint[]
) as moved (user_id, sequence, chain, last_task_id, recorded_at, erased_through)
where user_log.user_id = moved.user_id
