-- The generation before is on its way back.
update taskfold.projection
set
    phase = 'following', phase_began_at = clock_timestamp(),
    resumed_at = clock_timestamp(), resumed_events = 0,
    events = (select coalesce(sum(sequence), 0) from taskfold.user_log)
where name = %(name)s and generation = %(generation)s
