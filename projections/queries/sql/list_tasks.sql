-- One user's tasks that meet some conditions, in an order that an index has.
select
    user_id, task_id, version, sequence, title, description, "order", priority, tags, due, due_at,
    created_at, updated_at, completed_at, deleted_at, title_key
from taskfold.task
where user_id = %(user_id)s and deleted_at is null and {conditions}
order by {order}
limit %(limit)s
