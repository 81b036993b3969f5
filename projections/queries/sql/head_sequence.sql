-- Where one user's log stands, and how far it was cleared away.
select sequence, cleared_through
from taskfold.user_log
where user_id = %(user_id)s
