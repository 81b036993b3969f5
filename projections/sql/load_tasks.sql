-- The rows some events are about to change. Lateral: one index probe a task, whatever the planner
-- believes of the table.
select task.*
from unnest(%(user_ids)s::text[], %(task_ids)s::bigint[]) as wanted (user_id, task_id)
cross join lateral (
    select
        user_id, task_id, version, title, description, "order",
        created_at, updated_at, completed_at, deleted_at
    from taskfold.task
    where task.user_id = wanted.user_id and task.task_id = wanted.task_id
    limit 1
) as task
