-- The receipts some keys have already brought their users. Lateral: one index probe a key.
select receipt.*
from jsonb_to_recordset(%(keys)s::jsonb) as wanted (user_id text, key text)
cross join lateral (
    select user_id, key, fingerprint, task_id, version, sequence, changed,
        steps::text as steps
    from taskfold.receipt
    where receipt.user_id = wanted.user_id and receipt.key = wanted.key
    limit 1
) as receipt
