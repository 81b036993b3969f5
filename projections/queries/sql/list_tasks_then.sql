-- One user's tasks as they were after an event, as far as they meet some conditions.
select *
from ({tasks}) as task
where {conditions}
order by {order}
limit %(limit)s
