-- A generation whose table is gone. Its number is remembered, so that no later table is called like
-- it: whoever is still at work on this one must not take that for theirs.
with forgotten as (
    delete from taskfold.projection
    where name = %(name)s and (generation = %(generation)s or state = 'gone')
    returning name, generation, version, inline
)
insert into taskfold.projection (name, generation, version, inline, state)
select name, max(generation), max(version), bool_or(inline), 'gone'
from forgotten
group by name
