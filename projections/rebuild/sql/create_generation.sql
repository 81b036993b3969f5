-- A table like the live one. Its keys and indexes come once it is filled, which is faster.
create table {table} (like {live} including all excluding indexes)
