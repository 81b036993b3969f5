-- One generation, for this transaction alone to change; those of the same projection go on.
select
    name, generation, version, state, position, owner, owned_until, paused_at,
    failed_at, failed_user_id, failed_sequence, failure, phase, phase_began_at,
    resumed_at, resumed_events, events, created_at
from taskfold.projection
where name = %(name)s and generation = %(generation)s
for update
