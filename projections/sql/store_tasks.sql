-- Write rows as their events have left them, new or changed.
insert into taskfold.task (
    user_id, task_id, version, title, description, "order",
    created_at, updated_at, completed_at, deleted_at
)
select *
from unnest(
    %(user_ids)s::text[], %(task_ids)s::bigint[], %(versions)s::int[], %(titles)s::text[],
    %(descriptions)s::text[], %(orders)s::double precision[], %(created_at)s::timestamptz[],
    %(updated_at)s::timestamptz[], %(completed_at)s::timestamptz[], %(deleted_at)s::timestamptz[]
)
on conflict (user_id, task_id) do update set
    version = excluded.version,
    title = excluded.title,
    description = excluded.description,
    "order" = excluded."order",
    updated_at = excluded.updated_at,
    completed_at = excluded.completed_at,
    deleted_at = excluded.deleted_at
