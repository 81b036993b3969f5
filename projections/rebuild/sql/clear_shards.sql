-- The work of a rebuild that has ended.
delete from taskfold.projection_shard where name = %(name)s
