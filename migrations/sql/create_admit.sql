-- Those who maintain reach everybody's rows, where requests have a role of their own. Where they
-- have none, so long as nobody is set; then the setting alone binds whoever is connected.
create function taskfold.admit(relation regclass) returns void
language plpgsql as $$
declare
    role constant text := taskfold.request_role();
    action text;
begin
    execute format('drop policy if exists everybody on %s', relation);
    execute format(
        'create policy everybody on %s to %s using (%s)', relation, taskfold.maintainer(),
        case when role <> 'none' then 'true' else $nobody$
            coalesce(current_setting('taskfold.user_id', true), '') = ''
            and coalesce(current_setting('taskfold.user_ids', true), '') = ''
        $nobody$ end
    );
    if role <> 'none' then
        for action in
            select substr(polname, 5) from pg_policy
            where polrelid = relation and polname like 'own\_%'
        loop
            execute format('grant %s on %s to %I', action, relation, role);
        end loop;
    end if;
end
$$
