-- Take a projection's live table, unless it is paused, newer than this code, or in the hands of
-- somebody who still lives. Whose row is locked is at work: not waited for, looked at again later.
with free as (
    select name, generation
    from taskfold.projection
    where name = %(name)s
        and state = 'live'
        and version <= %(version)s
        and paused_at is null
        and (owner = %(owner)s or owned_until is null or owned_until <= clock_timestamp())
    for update skip locked
)
update taskfold.projection as taken
set owner = %(owner)s, owned_until = clock_timestamp() + %(lease)s
from free
where taken.name = free.name and taken.generation = free.generation
returning taken.generation, taken.position
