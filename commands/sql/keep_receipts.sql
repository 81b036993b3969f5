-- Remember what some keys have brought, in the transaction of the events themselves.
insert into taskfold.receipt (
    user_id, key, fingerprint, task_id, version, sequence, changed, steps, created_at
)
select
    user_id, key, decode(fingerprint, 'base64'), task_id, version, sequence, changed, steps::jsonb,
    %(created_at)s
from jsonb_to_recordset(%(receipts)s::jsonb) as kept (
    user_id text, key text, fingerprint text, task_id bigint, version int, sequence bigint,
    changed boolean, steps text
)
