-- A projection's generations, for this transaction alone to change.
select
    name, generation, version, state, position, owner, owned_until, paused_at,
    failed_at, failed_user_id, failed_sequence, failure, phase, phase_began_at, events, created_at
from taskfold.projection
where name = %(name)s
order by generation
for update
