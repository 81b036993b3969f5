-- What the projection of changes makes of them.
insert into taskfold.task_change (
    user_id, task_id, field, version, sequence, type, actor, recorded_at, before, after, title_key
)
select
    user_id, task_id, field, version, sequence, type, user_id,
    timestamptz '2026-01-01Z' + sequence * interval '1 second', before, after,
    case when field = 'title' then %(title_key)s end
from unnest(%(user_ids)s::text[]) as person (user_id)
cross join generate_series(1, %(tasks)s::bigint) as task_id
cross join lateral (
    select field, 1 as version, 'TaskCreated' as type, before, to_jsonb(after) as after
    from (values
        ('title', 'null'::jsonb, %(title)s::text), ('description', '""', %(description)s)
    ) as said (field, before, after)
    union all
    select
        'completed', version, case when version %% 2 = 0 then 'TaskCompleted' else 'TaskReopened' end,
        to_jsonb(version %% 2 = 1), to_jsonb(version %% 2 = 0)
    from generate_series(2, %(events)s) as version
) as change
cross join lateral (
    select (task_id - 1) * %(events)s + version as sequence
) as place
