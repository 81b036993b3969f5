-- A page of one user's tasks by number, deleted ones included.
select
    user_id, task_id, version, sequence, title, description, "order", priority, tags, due, due_at,
    created_at, updated_at, completed_at, deleted_at
from taskfold.task
where user_id = %(user_id)s and task_id > %(after)s
    -- What was erased is no longer to be seen, even before it is gone.
    and sequence > (select max(erased_through) from taskfold.user_log where user_id = %(user_id)s)
order by task_id
limit %(limit)s
