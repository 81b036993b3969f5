-- A rebuild's table is guarded like the one it will replace.
create function taskfold.guard_like(relation regclass, other regclass) returns void
language sql as $$
    select taskfold.guard(
        relation, variadic coalesce(array_agg(substr(polname, 5)::text), '{}')
    )
    from pg_policy
    where polrelid = other and polname like 'own\_%'
$$
