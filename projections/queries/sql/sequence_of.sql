-- Which of one user's events was that version of a task.
select sequence
from taskfold.event
where user_id = %(user_id)s and task_id = %(task_id)s and version = %(version)s
