-- The first generation of a projection. An inline one that comes to a log with a past is not filled
-- yet (version 0); an async one begins at the first event, however many there are.
insert into taskfold.projection (name, generation, version, inline, state)
values (
    %(name)s,
    1,
    case when %(inline)s and exists (select from taskfold.event) then 0 else %(version)s end,
    %(inline)s,
    'live'
)
on conflict do nothing
