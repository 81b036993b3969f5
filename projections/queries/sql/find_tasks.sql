-- One user's tasks that have words and tags, and meet some conditions. What is found is put together
-- first: else a rare word would be looked for by walking through everything the user has.
with found as materialized (
    select
        user_id, task_id, version, sequence, title, description, "order", priority, tags, due,
        due_at, created_at, updated_at, completed_at, deleted_at, title_key
    from taskfold.task
    where user_id = %(user_id)s and terms @@ %(terms)s::tsquery and deleted_at is null
)
select *
from found
where {conditions}
order by {order}
limit %(limit)s
