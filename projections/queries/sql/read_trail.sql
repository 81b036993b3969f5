-- What happened in a range of one user's log, or of the stream of one task, and which fields it
-- changed. The range bounds what is looked at, whatever is left of it; each change is a probe.
with found as materialized (
    select user_id, sequence, task_id, version, type, recorded_at, data, metadata, chain
    from taskfold.event
    where user_id = %(user_id)s
        and {range}
        and (%(types)s::text[] is null or type = any(%(types)s::text[]))
        and (%(actor)s::text is null or metadata ->> 'actor' = %(actor)s::text)
    order by {order}
    limit %(limit)s
)
select
    sequence, task_id, version, type, recorded_at, data::text, metadata::text,
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
) as changed on true
order by {order}
