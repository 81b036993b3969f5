-- Tasks of many people, those of each one after another.
insert into crud_task (user_id, title, description)
select
    'user-' || lpad((number / %(tasks)s)::text, 7, '0'), 'Task ' || number,
    'What is to be done about it, in a sentence.'
from generate_series(0, %(users)s::bigint * %(tasks)s - 1) as number
