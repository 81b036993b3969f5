-- Note how far a range is worked through, in the transaction that did it.
update taskfold.projection_shard
set
    done_user = %(done_user)s, done = %(done)s, events = events + %(events)s,
    rows = rows + %(rows)s, verdict = verdict || coalesce(%(verdict)s::jsonb, '[]')
where name = %(name)s and shard = %(shard)s
