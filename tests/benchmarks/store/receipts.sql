-- What everybody's last command was answered, as if each had been sent under a key.
insert into taskfold.receipt (
    user_id, key, fingerprint, task_id, version, sequence, changed, created_at
)
select
    user_id, md5(user_id), sha256(convert_to(user_id, 'UTF8')), %(tasks)s, %(events)s,
    %(tasks)s::bigint * %(events)s, true, now()
from unnest(%(user_ids)s::text[]) as person (user_id)
