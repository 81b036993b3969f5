-- Store a table as another is.
alter table {table} set ({options})
