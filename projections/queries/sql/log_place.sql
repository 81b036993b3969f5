-- Where one user's log stands, and the chain values there and at some place, erased or not.
select user_log.sequence, user_log.chain, event.chain
from taskfold.user_log
left join taskfold.event on event.user_id = user_log.user_id and event.sequence = %(sequence)s
where user_log.user_id = %(user_id)s
