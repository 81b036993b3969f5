-- The table of tasks folded anew by SQL alone: what a rebuild could cost if it were one statement.
insert into public.bench_task (
    user_id, task_id, version, sequence, title, description, "order", priority, tags, due, due_at,
    created_at, updated_at, completed_at, deleted_at, title_key
)
select
    user_id, task_id, version, sequence, title, description, "order", 0, '{}', null, null,
    created_at, updated_at, completed_at, deleted_at, lower(title)
from (
    select
        user_id, task_id,
        max(version) as version,
        max(sequence) as sequence,
        (array_agg(data ->> 'title' order by version desc)
            filter (where type in ('TaskCreated', 'TaskRenamed')))[1] as title,
        (array_agg(data ->> 'description' order by version desc)
            filter (where type in ('TaskCreated', 'TaskDescribed')))[1] as description,
        (array_agg((data ->> 'order')::double precision order by version desc)
            filter (where type in ('TaskCreated', 'TaskReordered')))[1] as "order",
        min(recorded_at) as created_at,
        max(recorded_at) as updated_at,
        (array_agg(case when type = 'TaskCompleted' then recorded_at end order by version desc)
            filter (where type in ('TaskCompleted', 'TaskReopened')))[1] as completed_at,
        (array_agg(case when type = 'TaskDeleted' then recorded_at end order by version desc)
            filter (where type in ('TaskDeleted', 'TaskRestored')))[1] as deleted_at
    from taskfold.event
    group by user_id, task_id
) as task
