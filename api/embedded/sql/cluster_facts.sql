-- What the cluster is and holds already, asked at each opening.
select
    current_setting('server_version') as version,
    exists (select from pg_roles where rolname = 'taskfold') as has_role,
    exists (select from pg_database where datname = 'taskfold') as has_database
