-- Whether the schema belongs to whoever is connected.
select pg_has_role(nspowner, 'usage') from pg_namespace where nspname = 'taskfold'
