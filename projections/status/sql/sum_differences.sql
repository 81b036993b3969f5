-- In how many rows the tables of each rebuild were found to differ from history so far.
select
    name,
    sum(
        (part #>> '{live, differences}')::bigint
        + coalesce((part #>> '{other, differences}')::bigint, 0)
    )::bigint
from taskfold.projection_shard
cross join lateral jsonb_array_elements(verdict) as part
group by name
