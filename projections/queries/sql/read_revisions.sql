-- A range of the versions of one task of one user: what happened, and which fields it changed.
-- Every field is named, so that the range bounds the probe of the key (user_id, task_id, field,
-- version): a page costs the same however often the task has been changed.
with changed as (
    select
        version,
        jsonb_agg(
            jsonb_build_object('field', field, 'before', before, 'after', after)
            order by array_position(%(fields)s::text[], field)
        ) as changes
    from taskfold.task_change
    where user_id = %(user_id)s
        and task_id = %(task_id)s
        and field = any(%(fields)s::text[])
        and version between %(first)s::int and %(last)s::int
    group by version
)
select
    event.sequence, event.version, event.type, event.recorded_at, event.metadata::text,
    coalesce(changed.changes, '[]')::text as changes
from taskfold.event
left join changed on changed.version = event.version
where event.user_id = %(user_id)s
    and event.task_id = %(task_id)s
    and event.version between %(first)s::int and %(last)s::int
order by event.version
