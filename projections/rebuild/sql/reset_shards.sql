-- The same ranges again, for the next thing that is done to each of them.
update taskfold.projection_shard
set done_user = after_user, done = false, events = 0, rows = 0, verdict = '[]'
where name = %(name)s
