-- Some of one user's tasks, each as it was at a version of its own; those that were erased are left out.
select as_it_was.*
from unnest(%(task_ids)s::bigint[], %(versions)s::int[]) as wanted (task_id, version)
cross join lateral (
    select event.sequence
    from taskfold.event
    inner join taskfold.user_log using (user_id)
    where event.user_id = %(user_id)s
        and event.task_id = wanted.task_id
        and event.version = wanted.version
        and event.sequence > user_log.erased_through
    limit 1
) as reached
cross join lateral ({tasks}) as as_it_was
