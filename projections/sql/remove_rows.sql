-- Take rows of one user out of a table, at most so many at once.
delete from {table}
where ctid = any(array(select ctid from {table} where user_id = %(user_id)s limit %(limit)s))
    and user_id = %(user_id)s
