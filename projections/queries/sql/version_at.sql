-- The version that a task of one user had after an event of the log; 0 if it was not there yet.
-- Versions rise with sequences, so it is found by halving, a probe of the key each time.
with recursive held (low, high) as (
    select 0, coalesce(max(version), 0)
    from taskfold.event
    where user_id = %(user_id)s and task_id = %(task_id)s
    union all
    select
        case when probe.is_before then probe.version else held.low end,
        case when probe.is_before then held.high else probe.version - 1 end
    from held
    cross join lateral (
        select version, sequence <= %(sequence)s as is_before
        from taskfold.event
        where user_id = %(user_id)s
            and task_id = %(task_id)s
            and version = (held.low + held.high + 1) / 2
        -- Else the planner may join all of the events instead of probing for one.
        limit 1
    ) as probe
    where held.low < held.high
)
select low
from held
where low = high
