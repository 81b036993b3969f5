-- The heads of those people's logs.
insert into taskfold.user_log (user_id, sequence, chain, last_task_id, recorded_at)
select
    user_id,
    %(tasks)s::bigint * %(events)s,
    sha256(convert_to(%(tasks)s::bigint * %(events)s || user_id, 'UTF8')),
    %(tasks)s,
    timestamptz '2026-01-01Z' + %(tasks)s::bigint * %(events)s * interval '1 second'
from unnest(%(user_ids)s::text[]) as person (user_id)
