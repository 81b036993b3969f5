-- The next generation of a projection, unless one is being made already.
insert into taskfold.projection (
    name, generation, version, state, position, phase, phase_began_at, events
)
select
    %(name)s, max(generation) + 1, %(version)s, 'building', %(position)s,
    'replaying', clock_timestamp(), (select coalesce(sum(sequence), 0) from taskfold.user_log)
from taskfold.projection
where name = %(name)s
on conflict (name, state) do nothing
returning generation
