-- Where one user's log stands, how far it was cleared away, and what no other log has there.
select sequence, cleared_through, chain
from taskfold.user_log
where user_id = %(user_id)s
