-- The numbers of one user's tasks that meet some conditions.
select task_id
from taskfold.task
where user_id = %(user_id)s and deleted_at is null and {conditions}
order by task_id
