-- Where one user's log stands, and whether the table of its changes has been filled.
select
    coalesce((select sequence from taskfold.user_log where user_id = %(user_id)s), 0),
    exists (
        select from taskfold.projection
        where name = %(projection)s and state = 'live' and version > 0
    )
