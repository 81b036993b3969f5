-- A key for cursors, unless there is one.
insert into taskfold.signing_key (purpose, key) values ('cursor', %(key)s)
on conflict do nothing
