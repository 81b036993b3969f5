-- Have nobody carry a projection on; one that is stopped already stays as it is.
update taskfold.projection
set paused_at = clock_timestamp(), owner = null, owned_until = null
where name = %(name)s and state = 'live' and paused_at is null
