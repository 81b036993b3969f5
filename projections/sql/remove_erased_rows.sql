-- Take rows of one user, whose log is being erased, out of a table, at most so many at once. Once that
-- is done there is nothing to take: what is there then was written since.
delete from {table}
where ctid = any(array(select ctid from {table} where user_id = %(user_id)s limit %(limit)s))
    and user_id = %(user_id)s
    and exists (
        select
        from taskfold.user_log
        where user_id = %(user_id)s and cleared_through < erased_through
    )
