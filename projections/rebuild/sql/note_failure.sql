-- The event that a rebuild has stopped at.
update taskfold.projection
set
    failed_at = clock_timestamp(), failed_user_id = %(user_id)s, failed_sequence = %(sequence)s,
    failure = %(failure)s
where name = %(name)s and generation = %(generation)s and state <> 'live'
