-- What is done next to a generation, unless somebody has gone on already.
update taskfold.projection
set
    phase = %(to)s, phase_began_at = clock_timestamp(),
    resumed_at = clock_timestamp(), resumed_events = 0,
    failed_at = null, failed_user_id = null, failed_sequence = null, failure = null
where name = %(name)s and generation = %(generation)s and phase is not distinct from %(from)s
