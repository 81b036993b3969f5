-- One task of one user, deleted or not.
select
    user_id, task_id, version, title, description, "order",
    created_at, updated_at, completed_at, deleted_at
from taskfold.task
where user_id = %(user_id)s and task_id = %(task_id)s
