-- Say again that a projection's live table is in these hands, if it still is.
update taskfold.projection
set owned_until = clock_timestamp() + %(lease)s
where name = %(name)s
    and generation = %(generation)s
    and state = 'live'
    and owner = %(owner)s
    and paused_at is null
