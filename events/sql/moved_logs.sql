-- Which of the watched logs do not stand where they were last seen, and where they stand now.
-- Lateral: one index probe a log, whatever the planner believes of the table.
select watched.user_id, coalesce(head.sequence, 0)
from unnest(%(user_ids)s::text[], %(sequences)s::bigint[]) as watched (user_id, sequence)
left join lateral (
    select user_log.sequence
    from taskfold.user_log
    where user_log.user_id = watched.user_id
    limit 1
) as head on true
where coalesce(head.sequence, 0) <> watched.sequence
