-- Where in the store an event of one user is, and what kind of event it is.
select position, type
from taskfold.event
where user_id = %(user_id)s and sequence = %(sequence)s
