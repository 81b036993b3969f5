-- One event in one transaction.
\set user random(1, :users)
insert into bench_event (
    user_id, sequence, task_id, version, type, data, metadata, digest, chain
)
select
    'user-' || :user, number, number, 1, 'TaskCreated',
    '{"title": "Task 12", "description": "What is to be done.", "order": 12}',
    '{"actor": "user-0000012", "command": "CreateTask", "request_id": "01a2b3c4d5e6f7081920", "correlation_id": "01a2b3c4d5e6f7081920"}',
    sha256('a'), sha256('b')
from nextval('bench_sequence') as number;
