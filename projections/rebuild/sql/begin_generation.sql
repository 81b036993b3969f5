-- The next generation of a projection; its number was never given before.
insert into taskfold.projection (
    name, generation, version, inline, state, position, phase, phase_began_at, resumed_at, events
)
select
    %(name)s, max(generation) + 1, %(version)s, %(inline)s, 'building', %(position)s,
    'replaying', clock_timestamp(), clock_timestamp(),
    (select coalesce(sum(sequence), 0) from taskfold.user_log)
from taskfold.projection
where name = %(name)s
