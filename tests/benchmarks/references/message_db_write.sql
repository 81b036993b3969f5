-- One message in one transaction, to a stream of its own, through message-db's own function.
\set number random(1, 1000000000)
select message_store.write_message(
    gen_random_uuid()::varchar, 'task-' || :number || :client_id, 'TaskCreated',
    '{"title": "Task 12", "description": "What is to be done.", "order": 12}'::jsonb,
    '{"actor": "user-0000012", "command": "CreateTask", "request_id": "01a2b3c4d5e6f7081920"}'::jsonb
);
