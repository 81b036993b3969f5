-- A generation whose table is gone.
delete from taskfold.projection where name = %(name)s and generation = %(generation)s
