-- The same for one that refuses two of a kind.
create unique index {name} on {table} using {rest}
