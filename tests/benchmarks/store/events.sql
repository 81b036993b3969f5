-- Events of some people, mixed as they are in life: everybody's first one, everybody's second one …
-- Each task is created, then completed and reopened in turn. Hashes are of the right size and of
-- nothing, since nothing that is measured checks them.
insert into taskfold.event (
    user_id, sequence, task_id, version, type, schema_version, data, metadata, recorded_at, digest,
    chain
)
select
    user_id,
    sequence,
    (sequence - 1) / %(events)s + 1,
    version,
    case when version = 1 then 'TaskCreated' when version %% 2 = 0 then 'TaskCompleted' else 'TaskReopened' end,
    1,
    case when version = 1 then jsonb_build_object(
        'title', %(title)s::text, 'description', %(description)s::text,
        'order', (sequence - 1) / %(events)s + 1, 'priority', 'none', 'tags', '[]'::jsonb, 'due', ''
    ) else '{}' end,
    jsonb_build_object(
        'actor', user_id, 'causation_id', null, 'client', null, 'command', 'CreateTask',
        'correlation_id', left(md5(user_id || sequence), 20),
        'request_id', left(md5(user_id || sequence), 20)
    ),
    timestamptz '2026-01-01Z' + sequence * interval '1 second',
    sha256(convert_to(user_id || sequence, 'UTF8')),
    sha256(convert_to(sequence || user_id, 'UTF8'))
from unnest(%(user_ids)s::text[]) as person (user_id)
cross join generate_series(1, %(tasks)s::bigint * %(events)s) as sequence
cross join lateral (select ((sequence - 1) %% %(events)s + 1)::int as version) as place
order by sequence, user_id
