-- The tasks of one user that have changed since a sequence, in the order of their last change. One
-- that was deleted before the reader began is left out: they never had it. The index has deleted
-- ones apart, so each kind is in order by itself.
select changed.*
from (values (true, %(after)s::bigint), (false, greatest(%(after)s, %(begun)s)::bigint))
    as kind (is_listed, after)
cross join lateral (
    select
        user_id, task_id, version, sequence, title, description, "order", priority, tags, due,
        due_at, created_at, updated_at, completed_at, deleted_at, title_key
    from taskfold.task
    where user_id = %(user_id)s
        and (deleted_at is null) = kind.is_listed
        and sequence > kind.after
        -- What was erased is no longer to be seen, even before it is gone.
        and sequence > (select max(erased_through) from taskfold.user_log where user_id = %(user_id)s)
    order by sequence
    limit %(limit)s
) as changed
order by sequence
limit %(limit)s
