-- The generations of one projection, or of all.
select
    name, generation, version, state, position, owner, owned_until, paused_at,
    failed_at, failed_user_id, failed_sequence, failure, phase, phase_began_at, events, created_at
from taskfold.projection
where %(name)s::text is null or name = %(name)s
order by name, generation
