-- Whom the migrations belong to. By the name every server knows, if that is the owner of the
-- database, so that a dump can be restored under another owner.
create function taskfold.maintainer() returns text
language sql stable as $$
    select case
        when nspowner = datdba then 'pg_database_owner' else quote_ident(rolname)
    end
    from pg_namespace, pg_database, pg_roles
    where nspname = 'taskfold' and datname = current_database()
        and pg_roles.oid = nspowner
$$
