-- Brings what belongs to the server, and came with no dump, to where it should be.
create function taskfold.secure() returns void
language plpgsql as $$
declare
    role constant text := coalesce(taskfold.make_request_role(), 'none');
    relation regclass;
begin
    if role <> taskfold.request_role() then
        execute format(
            'create or replace function taskfold.request_role() returns text'
            ' language sql immutable as %L', format('select %L', role)
        );
    end if;
    if role <> 'none' and not has_schema_privilege(role, 'taskfold', 'usage') then
        execute format('grant usage on schema taskfold to %I', role);
    end if;
    if role <> 'none' and to_regclass('taskfold.projection') is not null then
        execute format(
            'grant select (name, inline, state, version, position)'
            ' on taskfold.projection to %I',
            role
        );
    end if;
    if role <> 'none' and to_regproc('taskfold.found_tasks') is not null then
        if not has_function_privilege(role, to_regproc('taskfold.found_tasks'), 'execute') then
            execute format(
                'grant execute on function taskfold.found_tasks(tsquery, tsquery, text[]) to %I',
                role
            );
        end if;
    end if;
    if exists (
        select from pg_proc
        cross join aclexplode(coalesce(proacl, acldefault('f', proowner)))
        where pg_proc.oid = to_regproc('taskfold.found_tasks') and grantee = 0
    ) then
        -- As after a dump that was restored without privileges.
        revoke all on function taskfold.found_tasks(tsquery, tsquery, text[]) from public;
    end if;
    for relation in
        select pg_class.oid::regclass from pg_class
        where relnamespace = 'taskfold'::regnamespace and relforcerowsecurity
            and not taskfold.is_admitted(pg_class.oid::regclass)
    loop
        perform taskfold.admit(relation);
    end loop;
    for relation in
        select tgrelid::regclass from pg_trigger
        join pg_class on pg_class.oid = tgrelid
        where tgfoid = 'taskfold.refuse_change'::regproc and exists (
            select from aclexplode(coalesce(relacl, acldefault('r', relowner)))
            where privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
        )
    loop
        execute format(
            'revoke update, delete, truncate on %s from public, current_user', relation
        );
    end loop;
    perform taskfold.admit_redaction();
end
$$
