-- Have a projection carried on from where it stopped; whatever it stopped at is tried again.
update taskfold.projection
set
    paused_at = null,
    failed_at = null,
    failed_user_id = null,
    failed_sequence = null,
    failure = null
where name = %(name)s and state = 'live' and paused_at is not null
