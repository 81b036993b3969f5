-- Write the heads of imported logs; a head may be there of somebody who was only ever refused.
insert into taskfold.user_log (
    user_id, sequence, chain, last_task_id, recorded_at, erased_through, cleared_through
)
select user_id, sequence, chain, last_task_id, recorded_at, erased_through, cleared_through
from unnest(
    %(user_ids)s::text[], %(sequences)s::bigint[], %(chains)s::bytea[],
    %(last_task_ids)s::bigint[], %(recorded_at)s::timestamptz[],
    %(erased_through)s::bigint[], %(cleared_through)s::bigint[]
) as imported (
    user_id, sequence, chain, last_task_id, recorded_at, erased_through, cleared_through
)
on conflict (user_id) do update set
    sequence = excluded.sequence,
    chain = excluded.chain,
    last_task_id = excluded.last_task_id,
    recorded_at = excluded.recorded_at,
    erased_through = excluded.erased_through,
    cleared_through = excluded.cleared_through
