-- How much of one user's log the live table of an async projection holds, and when the first event
-- it lacks was recorded. Positions rise along a log, so it holds the events up to some sequence.
-- Mostly that is the last one; otherwise it is found by halving, a probe of the key each time,
-- as there may be very many after it.
with recursive live as (
    select position
    from taskfold.projection
    where name = %(projection)s and state = 'live'
),
held (low, high) as (
    select
        case when event.position <= live.position then event.sequence else 0 end,
        case when event.position <= live.position then event.sequence else event.sequence - 1 end
    from taskfold.user_log
    inner join taskfold.event using (user_id, sequence)
    cross join live
    where user_log.user_id = %(user_id)s
    union all
    select
        case when probe.is_held then probe.sequence else held.low end,
        case when probe.is_held then held.high else probe.sequence - 1 end
    from held
    cross join lateral (
        select event.sequence, event.position <= live.position as is_held
        from taskfold.event
        cross join live
        where event.user_id = %(user_id)s and event.sequence = (held.low + held.high + 1) / 2
        -- Else the planner may join all of the user's events instead of probing for one.
        limit 1
    ) as probe
    where held.low < held.high
)
select
    low,
    (
        select recorded_at
        from taskfold.event
        where user_id = %(user_id)s and sequence = low + 1
    )
from held
where low = high
