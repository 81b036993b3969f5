-- The key of a table, of an index that is there.
alter table {table} add constraint {name} primary key using index {name}
