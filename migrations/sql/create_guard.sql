-- What may be done to whose rows, for ever.
create function taskfold.guard(relation regclass, variadic actions text[] default '{}')
returns void
language plpgsql as $$
declare
    action text;
begin
    execute format('alter table %s enable row level security', relation);
    execute format('alter table %s force row level security', relation);
    foreach action in array actions loop
        execute format(
            'create policy own_%s on %s for %s %s %s', action, relation, action,
            case when action = 'insert' then 'with check' else 'using' end, taskfold.own_rows()
        );
    end loop;
    perform taskfold.admit(relation);
end
$$
