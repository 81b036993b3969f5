-- How far all ranges together are worked through.
select
    coalesce(sum(events), 0)::bigint as events,
    coalesce(sum(rows), 0)::bigint as rows,
    count(*) filter (where not done) as left
from taskfold.projection_shard
where name = %(name)s
