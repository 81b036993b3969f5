-- The words that some of one user's tasks consisted of after an event, in the order of their numbers.
select task_id, title, description
from ({tasks}) as task
where task_id > %(beyond)s and {conditions}
order by task_id
limit %(limit)s
