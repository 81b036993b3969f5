-- Where one user's log stands.
select sequence
from taskfold.user_log
where user_id = %(user_id)s
