-- What one user did on each day of a range, oldest first; days without anything have no row.
select user_id, day, created, completed, reopened, deleted
from taskfold.daily_activity
where user_id = %(user_id)s and day between %(first)s and %(last)s
order by day
