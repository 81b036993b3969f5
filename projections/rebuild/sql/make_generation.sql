-- What a generation is from here on; whatever was going on with it has ended.
update taskfold.projection
set
    state = %(state)s, position = %(position)s, phase = null, phase_began_at = null, resumed_at = null,
    owner = null, owned_until = null, paused_at = %(paused_at)s,
    failed_at = null, failed_user_id = null, failed_sequence = null, failure = null
where name = %(name)s and generation = %(generation)s
