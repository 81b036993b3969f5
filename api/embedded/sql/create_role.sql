-- Not a superuser: row-level security and revoked privileges must bind it.
create role taskfold login createdb createrole
