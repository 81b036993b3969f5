-- The numbers of the tasks that have words and tags, of whomever the transaction is bound to. It runs
-- as the owner of the table: a policy looks at rows before a condition does that might tell of them,
-- so a request itself could not use the index, and would go through everything its user has.
create function taskfold.found_tasks(wanted tsquery, whole tsquery, patterns text[])
returns setof bigint
language plpgsql stable security definer
set search_path = '' set plan_cache_mode = 'force_custom_plan'
as $$
begin
    return query
    select task_id
    from taskfold.task_terms
    where user_id = current_setting('taskfold.user_id', true)
        and terms @@ wanted
        and (terms @@ whole or terms::text collate "C" ~ all(patterns));
end
$$
