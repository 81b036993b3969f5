-- Some users, drawn by a hash that another seed draws otherwise.
select user_id
from taskfold.user_log
where user_id > %(after)s
    and abs(hashtextextended(user_id, %(seed)s) %% 1000000) < %(percent)s * 10000
order by user_id
limit 200
