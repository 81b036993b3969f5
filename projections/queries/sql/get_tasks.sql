-- Some tasks of one user, deleted or not.
select
    user_id, task_id, version, sequence, title, description, "order", priority, tags, due, due_at,
    created_at, updated_at, completed_at, deleted_at, title_key
from taskfold.task
where user_id = %(user_id)s and task_id = any(%(task_ids)s::bigint[])
