-- The last of one user's events that was recorded at an instant or before it; 0 if none was. Time
-- never runs backwards along a log, so it is found by halving, a probe of the key each time.
with recursive held (low, high) as (
    select 0::bigint, sequence
    from taskfold.user_log
    where user_id = %(user_id)s
    union all
    select
        case when probe.is_before then probe.sequence else held.low end,
        case when probe.is_before then held.high else probe.sequence - 1 end
    from held
    cross join lateral (
        select sequence, recorded_at <= %(instant)s::timestamptz as is_before
        from taskfold.event
        where user_id = %(user_id)s and sequence = (held.low + held.high + 1) / 2
        -- Else the planner may join all of the events instead of probing for one.
        limit 1
    ) as probe
    where held.low < held.high
)
select low
from held
where low = high
