-- A page of one user's log in order from a place on, each event beside the head the log had at that instant.
-- Instants no calendar of ours can hold are clamped: the chain tells that they were changed.
select
    page.*,
    head.sequence as head_sequence,
    head.chain as head_chain,
    head.last_task_id as head_last_task_id,
    least(greatest(head.recorded_at, '0001-01-03Z'), '9999-12-29Z') as head_recorded_at,
    head.erased_through as head_erased_through
from (
    select
        position, user_id, sequence, task_id, version, type, schema_version,
        data::text as data, metadata::text as metadata,
        least(greatest(recorded_at, '0001-01-03Z'), '9999-12-29Z') as recorded_at, digest, chain
    from taskfold.event
    where user_id = %(user_id)s and sequence >= %(sequence)s
    order by sequence
    limit %(limit)s
) as page
left join lateral (
    select sequence, chain, last_task_id, recorded_at, erased_through
    from taskfold.user_log
    where user_log.user_id = page.user_id
    offset 0
) as head on true
order by page.user_id, page.sequence
