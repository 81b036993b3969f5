-- What verification has found in each part of the work.
select jsonb_array_elements(verdict)::text as verdict
from taskfold.projection_shard
where name = %(name)s
order by shard
