-- The heads of all logs of one instant, each under a name that tells nobody whose it is.
select user_id, sha256(%(salt)s::bytea || convert_to(user_id, 'UTF8')) as log, sequence, chain
from taskfold.user_log
where sequence > 0
order by log
