-- The chain value at one place of a user's log.
select chain
from taskfold.event
where user_id = %(user_id)s and sequence = %(sequence)s
