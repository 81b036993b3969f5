-- A range that nobody works on, for as long as this transaction lasts: whoever dies gives it back.
-- None once the generation is in another phase, or called off.
select shard.shard, shard.done_user, shard.until_user
from taskfold.projection
join taskfold.projection_shard as shard on shard.name = projection.name
where projection.name = %(name)s
    and projection.generation = %(generation)s
    and projection.phase = %(phase)s
    and not shard.done
order by shard.shard
limit 1
for update of shard skip locked
