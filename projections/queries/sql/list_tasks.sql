-- One user's tasks, newest first, after those the reader has seen.
select
    user_id, task_id, version, title, description, "order", priority, tags, due, due_at,
    created_at, updated_at, completed_at, deleted_at, title_key
from taskfold.task
where user_id = %(user_id)s
    and (%(before)s::bigint is null or task_id < %(before)s::bigint)
    and deleted_at is null
order by task_id desc
limit %(limit)s
