-- When one of one user's events was recorded, and the chain value it has brought the log to.
select recorded_at, chain
from taskfold.event
where user_id = %(user_id)s and sequence = %(sequence)s
