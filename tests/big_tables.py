"""A large read table of tasks: one person with very many, one with few, and everybody else."""

from events.database import Connection
from projections.terms import terms

MANY, FEW = "many", "few"
TASKS_OF_FEW = 10
OTHERS = 10
"""Tasks of each of the others."""

WORDS = 500
"""Different words in the titles of one person."""

_INDEXES = (
    "select indexname, indexdef from pg_indexes where schemaname = 'taskfold'"
    " and tablename = 'task' and indexname like '%_idx'"
)
_FILL = """
insert into taskfold.task
select
    %(user_id)s, n, 2, n * 2, 'Task ' || n, 'What is to be done about it, in a sentence.', n * 0.5,
    n %% 4, array['t' || n %% 20],
    case when n %% 3 > 0 then '2026-01-01' end,
    case when n %% 3 > 0 then timestamptz '2026-01-01' + n * interval '7 min' end,
    timestamptz '2025-01-01' + n * interval '5 min',
    timestamptz '2025-01-02' + n * interval '5 min',
    case when n %% 10 < 6 then timestamptz '2025-01-02' + n * interval '5 min' end,
    case when n > %(tasks)s * 0.9 then timestamptz '2026-06-01' end,
    'task ' || n,
    array_to_tsvector(array[
        %(owner)s || '=task', %(owner)s || '=water' || n %% %(words)s,
        %(owner)s || '~water' || n %% %(words)s, %(owner)s || '#t' || n %% 20
    ])
from generate_series(1, %(tasks)s) as n
"""
_FILL_OTHERS = """
insert into taskfold.task
select
    'other-' || n / %(each)s, n %% %(each)s + 1, 1, n %% %(each)s + 1, 'Task ' || n, '', n,
    n %% 4, '{}', '2026-01-01', timestamptz '2026-01-01' + n * interval '1 min',
    timestamptz '2025-01-01' + n * interval '1 s', timestamptz '2025-01-01' + n * interval '1 s',
    null, null, 'task ' || n,
    array_to_tsvector(array[
        left(md5((n / %(each)s)::text), 12) || '=task',
        left(md5((n / %(each)s)::text), 12) || '=water' || n %% 50,
        left(md5((n / %(each)s)::text), 12) || '#t1'
    ])
from generate_series(0, %(tasks)s) as n
"""


async def fill_tasks(connection: Connection, tasks: int) -> None:
    """Write about so many tasks, a tenth of them one person's, a tenth of those deleted."""
    cursor = await connection.execute(_INDEXES)
    indexes = await cursor.fetchall()
    for name, _ in indexes:
        await connection.execute(f"drop index taskfold.{name}".encode())
    for user_id, number in ((MANY, tasks // 10), (FEW, TASKS_OF_FEW)):
        owner = terms(user_id, "a", "", ()).partition("=")[0].strip("'")
        await connection.execute(
            _FILL, {"user_id": user_id, "owner": owner, "tasks": number, "words": WORDS}
        )
    await connection.execute(_FILL_OTHERS, {"each": OTHERS, "tasks": tasks - tasks // 10})
    for _, definition in indexes:
        await connection.execute(str(definition).encode())
    await connection.execute("vacuum analyze taskfold.task")
