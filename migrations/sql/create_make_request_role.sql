-- Named after the owner, since roles belong to the whole server: databases of one owner share
-- it, those of others have nothing to do with it. Null where it cannot be had.
create function taskfold.make_request_role() returns text
language plpgsql as $$
declare
    modern constant boolean := current_setting('server_version_num')::int >= 160000;
    owner constant text := nspowner::regrole from pg_namespace where nspname = 'taskfold';
    role constant text := 'taskfold_request_' || case
        when octet_length(owner) <= 46 then trim(both '"' from owner) else md5(owner)
    end;
begin
    if not exists (select from pg_roles where rolname = role) then
        begin
            execute format('create role %I nologin', role);
        exception
            -- Another database was faster.
            when duplicate_object or unique_violation then null;
        end;
    end if;
    if not pg_has_role(role, case when modern then 'set' else 'member' end) then
        execute format('grant %I to current_user', role)
            || case when modern then ' with inherit false, set true' else '' end;
    end if;
    return role;
exception
    when insufficient_privilege then return null;
end
$$
