-- The number of the last task that one user has made.
select last_task_id
from taskfold.user_log
where user_id = %(user_id)s
