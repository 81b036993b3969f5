-- Where one user's log stands, how far it was erased, and whether the table of its changes has
-- been filled.
select
    (select coalesce(max(sequence), 0) from taskfold.user_log where user_id = %(user_id)s),
    (select coalesce(max(erased_through), 0) from taskfold.user_log where user_id = %(user_id)s),
    exists (
        select from taskfold.projection
        where name = %(projection)s and state = 'live' and version > 0
    )
