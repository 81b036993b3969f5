-- An index of a table that has been filled.
create index {name} on {table} using {rest}
