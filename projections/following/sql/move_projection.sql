-- Compare and set: move a projection on, if nothing has changed since it was taken. Whoever does
-- not hit may write no rows. The row stays locked until the rows are committed with it.
update taskfold.projection
set position = %(to)s, owned_until = clock_timestamp() + %(lease)s
where name = %(name)s
    and generation = %(generation)s
    and state = 'live'
    and owner = %(owner)s
    and position = %(position)s
    and paused_at is null
