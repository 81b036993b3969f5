-- Who read one user's trail, newest first.
select user_id, sequence, actor, role, what, request_id, at
from taskfold.access
where user_id = %(user_id)s
    and (%(before)s::bigint is null or sequence < %(before)s::bigint)
order by sequence desc
limit %(limit)s
