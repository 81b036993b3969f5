-- What the task projection makes of those events.
insert into taskfold.task (
    user_id, task_id, version, sequence, title, description, "order", priority, tags, due, due_at,
    created_at, updated_at, completed_at, deleted_at, title_key
)
select
    user_id, task_id, %(events)s, task_id * %(events)s, %(title)s, %(description)s, task_id, 0,
    '{}', null, null,
    timestamptz '2026-01-01Z' + ((task_id - 1) * %(events)s + 1) * interval '1 second',
    timestamptz '2026-01-01Z' + task_id * %(events)s * interval '1 second',
    case when %(events)s %% 2 = 0
        then timestamptz '2026-01-01Z' + task_id * %(events)s * interval '1 second'
    end,
    null, %(title_key)s
from unnest(%(user_ids)s::text[]) as person (user_id)
cross join generate_series(1, %(tasks)s::bigint) as task_id
