-- The chain values of one user's log at some places: they tell this log from any other. What was
-- erased has none, as whatever was known of the log then is not to be built upon.
select event.sequence, event.chain
from taskfold.event
inner join taskfold.user_log using (user_id)
where event.user_id = %(user_id)s
    and event.sequence = any(%(sequences)s::bigint[])
    and event.sequence > user_log.erased_through
