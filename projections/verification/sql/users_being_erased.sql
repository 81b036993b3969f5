-- The users of a range whose logs are being erased.
select user_id
from taskfold.user_log
where cleared_through < erased_through
    and user_id >= %(after)s and user_id <= %(until)s and (%(including)s or user_id > %(after)s)
