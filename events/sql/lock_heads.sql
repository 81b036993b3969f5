-- Take the logs of a group for this transaction and see where they stand; sorted, as above.
select user_id, sequence, chain, last_task_id, recorded_at, erased_through, cleared_through
from taskfold.user_log
where user_id = any(%(user_ids)s::text[])
order by user_id
for update
