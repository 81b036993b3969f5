-- Up to where one user's log was to be erased, and how far that has been carried out.
select erased_through, cleared_through
from taskfold.user_log
where user_id = %(user_id)s
