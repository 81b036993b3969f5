-- What happened in a range of one user's log, or of the stream of one task, and which fields it
-- changed. The range bounds what is looked at, whatever is left of it; each change is a probe. What was
-- erased is no longer to be seen, even before it is gone; what says so of a log stays.
with erased as (
    select max(erased_through) as through from taskfold.user_log where user_id = %(user_id)s
),
found as materialized (
    select
        user_id, sequence, task_id, version, type, recorded_at, data, metadata, chain,
        type <> 'LogErased' and sequence <= (select through from erased) as is_erased
    from taskfold.event
    where user_id = %(user_id)s
        and {range}
        and (%(types)s::text[] is null or type = any(%(types)s::text[]))
        and (
            %(actor)s::text is null
            or metadata ->> 'actor' = %(actor)s::text
            and (type = 'LogErased' or sequence > (select through from erased))
        )
    order by {order}
    limit %(limit)s
)
select
    sequence, task_id, version, type, recorded_at,
    case when is_erased then 'null' else data::text end,
    case when is_erased then 'null' else metadata::text end,
    coalesce(changed.changes, '[]')::text as changes, chain
from found
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object('field', field, 'before', before, 'after', after)
            order by array_position(%(fields)s::text[], field)
        ) as changes
    from taskfold.task_change
    where user_id = %(user_id)s
        and task_id = found.task_id
        and field = any(%(fields)s::text[])
        and task_change.sequence = found.sequence
        and not found.is_erased
) as changed on true
order by {order}
