-- A table that no query reads.
drop table if exists {table}
