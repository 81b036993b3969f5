-- The events a projection was told to pass over.
select user_id, sequence from taskfold.projection_skip where name = %(name)s
