-- As many events as our own log is given, of as many people.
insert into bench_event (
    user_id, sequence, task_id, version, type, data, metadata, digest, chain
)
select
    'user-' || number %% %(users)s, number, number, 1, 'TaskCreated',
    '{"title": "Task 12", "description": "What is to be done.", "order": 12}',
    '{"actor": "user-0000012", "command": "CreateTask", "request_id": "01a2b3c4d5e6f7081920", "correlation_id": "01a2b3c4d5e6f7081920"}',
    sha256(convert_to(number::text, 'UTF8')), sha256(convert_to(number::text, 'UTF8'))
from (
    select nextval('bench_sequence') as number
    from generate_series(1, %(users)s::bigint * %(tasks)s)
) as place
