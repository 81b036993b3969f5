-- Those of a range of one user's tasks to which something happened after one event, up to another.
-- The numbers of tasks have no gaps, so the range bounds what is looked at.
select task_id
from taskfold.task
where user_id = %(user_id)s
    and task_id between %(first)s and %(last)s
    -- What was erased is no longer to be seen, even before it is gone.
    and task.sequence > (select max(erased_through) from taskfold.user_log where user_id = %(user_id)s)
    and exists (
        select
        from unnest(%(fields)s::text[]) as named (field)
        cross join lateral (
            select sequence
            from taskfold.task_change
            where user_id = %(user_id)s
                and task_id = task.task_id
                and task_change.field = named.field
                and sequence <= %(until)s
            order by sequence desc
            limit 1
        ) as last
        where last.sequence > %(after)s
    )
order by task_id
limit %(limit)s
