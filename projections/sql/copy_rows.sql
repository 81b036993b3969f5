-- Write many rows into a table that has none of them.
copy {table} ({columns}) from stdin
