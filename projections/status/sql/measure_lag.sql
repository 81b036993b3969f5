-- How far a position is behind the last event anybody can see: a few probes of the index on
-- positions, and a count that ends at a limit.
select
    (
        select count(*)
        from (select from taskfold.event where position > %(position)s limit %(limit)s) as waiting
    ) as counted,
    last.position as last_position,
    last.recorded_at as last_at,
    (
        select recorded_at from taskfold.event
        where position > %(position)s order by position limit 1
    ) as oldest_at,
    (
        select recorded_at from taskfold.event
        where position <= %(position)s order by position desc limit 1
    ) as done_at,
    clock_timestamp() as now
from (select position, recorded_at from taskfold.event order by position desc limit 1) as last
