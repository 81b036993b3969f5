-- Called otherwise from here on, for everybody at the commit.
alter table {before} rename to {after}
