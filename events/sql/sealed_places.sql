-- What stands now at the last event some logs had when they were sealed, and where they end.
select
    event.chain,
    (select coalesce(max(sequence), 0) from taskfold.event where user_id = wanted.user_id) as last
from unnest(%(user_ids)s::text[], %(sequences)s::bigint[])
    with ordinality as wanted (user_id, sequence, place)
left join taskfold.event
    on event.user_id = wanted.user_id and event.sequence = wanted.sequence
order by wanted.place
