-- The user after another whose log has something in it.
select user_id
from taskfold.user_log
where user_id > %(after)s and sequence > 0
order by user_id
limit 1
