-- The version a task of one user is at, and whether the table of its changes has been filled.
select
    (
        select max(version)
        from taskfold.event
        where user_id = %(user_id)s and task_id = %(task_id)s
    ),
    exists (
        select from taskfold.projection
        where name = %(projection)s and state = 'live' and version > 0
    )
