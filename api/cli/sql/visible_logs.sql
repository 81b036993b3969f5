-- How many of two logs there are to be seen.
select
    count(*) filter (where user_id = %(own)s),
    count(*) filter (where user_id = %(other)s)
from taskfold.user_log
where user_id = any(array[%(own)s, %(other)s])
