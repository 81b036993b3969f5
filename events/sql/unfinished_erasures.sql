-- Whose logs are not yet empty of what was erased, a few of them.
select user_id
from taskfold.user_log
where cleared_through < erased_through
order by user_id
limit 100
