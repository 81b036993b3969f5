"""Long pasts: two people with equally many events, on very many tasks and on a tenth of them."""

from events.database import Connection

MANY, SOME = "many", "some"
EVENTS_OF_A_TASK = {MANY: 10, SOME: 100}

FREQUENT, RARE = "TaskCompleted", "TaskRestored"

# What happens: one in so many events makes a task, the others change any of those there are.
_HAPPENED = """
create temporary table happened as
select
    %(user_id)s::text as user_id, sequence, task_id,
    row_number() over (partition by task_id order by sequence) as version,
    timestamptz '2025-01-01' + sequence * interval '10 s' as recorded_at,
    (array['completed', 'completed', 'completed', 'title', 'order', 'priority', 'due', 'tags',
        'description', 'deleted'])[case when task_id = made then 4 else 1 + dice end] as field
from (
    select
        sequence, dice, case when sequence %% %(each)s = 1 then sequence / %(each)s + 1 end as made,
        case
            when sequence %% %(each)s = 1 then sequence / %(each)s + 1
            else 1 + floor(random() * (sequence / %(each)s + 1))::bigint
        end as task_id
    from (
        select sequence, floor(random() * 10)::int as dice
        from generate_series(1, %(events)s::bigint) as sequence
    ) as drawn
) as placed
"""
_EVENTS = """
insert into taskfold.event
    (user_id, sequence, task_id, version, type, schema_version, data, metadata, recorded_at,
    digest, chain)
select
    user_id, sequence, task_id, version,
    case field when 'completed' then 'TaskCompleted' else 'TaskRenamed' end, 1,
    jsonb_build_object('title', 'Task ' || sequence),
    jsonb_build_object(
        'actor', user_id, 'command', 'EditTask', 'request_id', md5(sequence::text),
        'correlation_id', md5(sequence::text), 'client', 'Mozilla/5.0 (X11; Linux x86_64)'
    ),
    recorded_at, sha256(sequence::text::bytea), sha256(sequence::text::bytea)
from happened
order by sequence
"""
_LOG = """
insert into taskfold.user_log (user_id, sequence, last_task_id, recorded_at)
select user_id, max(sequence), max(task_id), max(recorded_at) from happened group by user_id
"""
_CHANGES = """
insert into taskfold.task_change
    (user_id, task_id, field, sequence, version, type, actor, recorded_at, before, after, title_key)
select
    user_id, task_id, field, sequence, version, 'TaskRenamed', user_id, recorded_at, 'null',
    case field
        when 'title' then to_jsonb('Task ' || sequence || ' water' || sequence %% 500)
        when 'description' then '"What is to be done about it, in a sentence."'
        when 'order' then to_jsonb(random() * 1000)
        when 'priority' then '"high"'
        when 'due' then '"2026-12-24"'
        when 'tags' then '["home"]'
        else to_jsonb(random() < 0.4)
    end,
    case field when 'title' then 'task ' || sequence || ' water' || sequence %% 500 end
from happened
order by sequence
"""
_TASKS = """
insert into taskfold.task
select
    user_id, task_id, max(version), max(sequence), 'Task ' || task_id, '', task_id, task_id %% 4,
    '{home}', null, null, min(recorded_at), max(recorded_at), null, null, 'task ' || task_id
from happened
group by user_id, task_id
"""


async def fill_pasts(connection: Connection, events: int) -> None:
    """Write so many events for each of the two, their changes, and their tasks."""
    for user_id, each in EVENTS_OF_A_TASK.items():
        asked = {"user_id": user_id, "each": each, "events": events}
        await connection.execute(_HAPPENED, asked)
        for statement in (_EVENTS, _LOG, _CHANGES, _TASKS):
            await connection.execute(statement, {})
        await connection.execute("drop table happened")
    await connection.execute(
        "vacuum analyze taskfold.event, taskfold.task_change, taskfold.task, taskfold.user_log"
    )
