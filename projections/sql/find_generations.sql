-- The generations of one projection, or of all.
select
    name, generation, version, state, position, owner, owned_until, paused_at,
    failed_at, failed_user_id, failed_sequence, failure, phase, phase_began_at,
    resumed_at, resumed_events, events, created_at
from taskfold.projection
where state <> 'gone' and (%(name)s::text is null or name = %(name)s)
order by name, generation
