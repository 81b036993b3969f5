-- The chain values of one user's log at some places: they tell this log from any other.
select sequence, chain
from taskfold.event
where user_id = %(user_id)s and sequence = any(%(sequences)s::bigint[])
