-- The key of a table that has been filled.
alter table {table} add constraint {name} primary key ({columns})
