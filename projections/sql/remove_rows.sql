-- Take all rows of one user out of a table.
delete from {table}
where user_id = %(user_id)s
