-- When one of one user's events was recorded.
select recorded_at
from taskfold.event
where user_id = %(user_id)s and sequence = %(sequence)s
