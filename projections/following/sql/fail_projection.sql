-- Pause a projection at the event that it cannot apply, fenced like its rows.
update taskfold.projection
set
    paused_at = clock_timestamp(),
    failed_at = clock_timestamp(),
    failed_user_id = %(failed_user_id)s,
    failed_sequence = %(failed_sequence)s,
    failure = %(failure)s,
    owner = null,
    owned_until = null
where name = %(name)s
    and generation = %(generation)s
    and state = 'live'
    and owner = %(owner)s
    and position = %(position)s
    and paused_at is null
