-- How many events each rebuild has worked through in its present phase.
select name, sum(events)::bigint
from taskfold.projection_shard
group by name
