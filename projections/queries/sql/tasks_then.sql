-- Some of one user's tasks as they were after an event: each field holds what it was given last by
-- then, which is a probe of the key (user_id, task_id, field, sequence). What a list does not sort or
-- select by is only looked for among the tasks it shows.
select
    task.user_id,
    task.task_id,
    (
        select max(last.version)
        from unnest(%(fields)s::text[]) as named (field)
        cross join lateral (
            select version
            from taskfold.task_change
            where user_id = %(user_id)s
                and task_id = task.task_id
                and task_change.field = named.field
                and sequence <= {until}
            order by sequence desc
            limit 1
        ) as last
    ) as version,
    (
        select max(last.sequence)
        from unnest(%(fields)s::text[]) as named (field)
        cross join lateral (
            select sequence
            from taskfold.task_change
            where user_id = %(user_id)s
                and task_id = task.task_id
                and task_change.field = named.field
                and sequence <= {until}
            order by sequence desc
            limit 1
        ) as last
    ) as sequence,
    (
        select after #>> '{{}}'
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'title'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ) as title,
    coalesce((
        select after #>> '{{}}'
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'description'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ), '') as description,
    coalesce((
        select after::double precision
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'order'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ), task.task_id::double precision) as "order",
    coalesce((
        select array_position(%(priorities)s::text[], after #>> '{{}}') - 1
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'priority'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ), 0)::smallint as priority,
    coalesce((
        select array(select jsonb_array_elements_text(after))
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'tags'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ), '{{}}') as tags,
    (
        select after #>> '{{}}'
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'due'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ) as due,
    (
        -- As projections/due.py has it: of a date, the last moment of its day in UTC.
        select
            case
                when strpos(after #>> '{{}}', '[') > 0
                    then split_part(after #>> '{{}}', '[', 1)::timestamptz
                else ((after #>> '{{}}')::date + time '23:59:59.999999') at time zone 'UTC'
            end
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'due'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ) as due_at,
    task.created_at,
    (
        select max(last.recorded_at)
        from unnest(%(fields)s::text[]) as named (field)
        cross join lateral (
            select recorded_at
            from taskfold.task_change
            where user_id = %(user_id)s
                and task_id = task.task_id
                and task_change.field = named.field
                and sequence <= {until}
            order by sequence desc
            limit 1
        ) as last
    ) as updated_at,
    (
        select case when after = 'true' then recorded_at end
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'completed'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ) as completed_at,
    (
        select case when after = 'true' then recorded_at end
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'deleted'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ) as deleted_at,
    (
        select title_key
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'title'
            and sequence <= {until}
        order by sequence desc
        limit 1
    ) as title_key
from taskfold.task
where user_id = %(user_id)s
    and {which}
    and created_at <= %(recorded_at)s
    -- It was there: a task has a title from its first event on. A probe, too, and no join.
    and (
        select true
        from taskfold.task_change
        where user_id = %(user_id)s
            and task_id = task.task_id
            and field = 'title'
            and sequence <= {until}
        order by sequence
        limit 1
    )
