-- Note who is about to read a user's trail, behind those who did before.
insert into taskfold.access (user_id, sequence, actor, role, what, request_id, at)
select
    %(user_id)s, coalesce(max(sequence), 0) + 1, %(actor)s, %(role)s, %(what)s, %(request_id)s,
    %(at)s
from taskfold.access
where user_id = %(user_id)s
