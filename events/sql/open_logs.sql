-- Give every user of a group a log; sorted, so that two groups cannot wait for each other in a ring.
insert into taskfold.user_log (user_id)
select user_id
from unnest(%(user_ids)s::text[]) as wanted (user_id)
order by user_id
on conflict (user_id) do nothing
