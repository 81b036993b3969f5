-- What may be done to whose rows, for ever. No subquery, which a divided PostgreSQL refuses.
-- A request's one user is compared, a group's many are looked for in a list that is no array,
-- since an array would be taken apart anew for every row. A range that an index could use is
-- not put beside it: the planner would believe that hardly anything lies in it.
create function taskfold.guard(relation regclass, variadic actions text[] default '{}')
returns void
language plpgsql as $$
declare
    own constant text := $own$(
        user_id = current_setting('taskfold.user_id', true)
        or strpos(
            current_setting('taskfold.user_ids', true), e'\n' || user_id || e'\n'
        ) > 0
    )$own$;
    action text;
begin
    execute format('alter table %s enable row level security', relation);
    execute format('alter table %s force row level security', relation);
    foreach action in array actions loop
        execute format(
            'create policy own_%s on %s for %s %s %s', action, relation, action,
            case when action = 'insert' then 'with check' else 'using' end, own
        );
    end loop;
    perform taskfold.admit(relation);
end
$$
