-- Move the heads of the logs a group has appended to; the rows are locked already.
-- As an insertion that always finds the row there: one index probe a head, whatever the planner
-- believes of the table.
insert into taskfold.user_log (
    user_id, sequence, chain, last_task_id, recorded_at, erased_through
)
select user_id, sequence, decode(chain, 'base64'), last_task_id, recorded_at, erased_through
from jsonb_to_recordset(%(heads)s::jsonb) as moved (
    user_id text, sequence bigint, chain text, last_task_id bigint, recorded_at timestamptz,
    erased_through bigint
)
on conflict (user_id) do update set
    sequence = excluded.sequence,
    chain = excluded.chain,
    last_task_id = excluded.last_task_id,
    recorded_at = excluded.recorded_at,
    erased_through = excluded.erased_through
