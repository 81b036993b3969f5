-- Write the heads of imported logs; a head may be there of somebody who was only ever refused.
insert into taskfold.user_log (user_id, sequence, chain, last_task_id, recorded_at)
select user_id, sequence, chain, last_task_id, recorded_at
from unnest(
    %(user_ids)s::text[], %(sequences)s::bigint[], %(chains)s::bytea[],
    %(last_task_ids)s::bigint[], %(recorded_at)s::timestamptz[]
) as imported (user_id, sequence, chain, last_task_id, recorded_at)
on conflict (user_id) do update set
    sequence = excluded.sequence,
    chain = excluded.chain,
    last_task_id = excluded.last_task_id,
    recorded_at = excluded.recorded_at
