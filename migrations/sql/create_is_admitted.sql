create function taskfold.is_admitted(relation regclass) returns boolean
language sql stable as $$
    select exists (
        select from pg_policy
        where polrelid = relation and polname = 'everybody'
            and polroles = array[taskfold.maintainer()::regrole::oid]
            and (pg_get_expr(polqual, polrelid) = 'true')
                = (taskfold.request_role() <> 'none')
    ) and not exists (
        select from pg_policy
        where polrelid = relation and polname like 'own\_%'
            and taskfold.request_role() <> 'none'
            and not has_table_privilege(
                taskfold.request_role(), polrelid, substr(polname, 5)
            )
    )
$$
