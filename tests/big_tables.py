"""A large read table of tasks: one person with very many, one with few, and everybody else."""

from hashlib import md5

from events.database import Connection
from projections.terms import OWNER_LENGTH, owner_of

MANY, FEW = "many", "few"
TASKS_OF_FEW = 10
OTHERS = 10
"""Tasks of each of the others."""

WORDS = 500
"""Different words in the titles of one person, as `long_word` and `short_word` give them."""


def long_word(number: int) -> str:
    """Give a word of seven letters and digits."""
    return md5(str(number).encode(), usedforsecurity=False).hexdigest()[:7]


def short_word(number: int) -> str:
    """Give a word of four letters and digits."""
    return md5(str(number).encode(), usedforsecurity=False).hexdigest()[7:11]


_INDEXES = (
    "select indexname, indexdef from pg_indexes where schemaname = 'taskfold'"
    " and tablename in ('task', 'task_terms') and indexname like '%_idx'"
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
    'task ' || n
from generate_series(1, %(tasks)s) as n
"""
_FILL_TERMS = """
insert into taskfold.task_terms
select
    %(user_id)s, n, 'Task', '', array['t' || n %% 20],
    array_to_tsvector(array[%(owner)s || '#t' || n %% 20] || array(
        select %(owner)s || term
        from unnest(
            array['task', left(number, 7), substr(number, 8, 4)]
        ) as word
        cross join unnest(array['=' || word, '~' || reverse(word)]) as term
    ))
from generate_series(1, %(tasks)s) as n
cross join md5((n %% %(words)s)::text) as number
"""
_FILL_OTHERS = """
insert into taskfold.task
select
    'other-' || n / %(each)s, n %% %(each)s + 1, 1, n %% %(each)s + 1, 'Task ' || n, '', n,
    n %% 4, '{}', '2026-01-01', timestamptz '2026-01-01' + n * interval '1 min',
    timestamptz '2025-01-01' + n * interval '1 s', timestamptz '2025-01-01' + n * interval '1 s',
    null, null, 'task ' || n
from generate_series(0, %(tasks)s) as n
"""
_FILL_OTHERS_TERMS = """
insert into taskfold.task_terms
select
    'other-' || n / %(each)s, n %% %(each)s + 1, 'Task ' || n, '', '{}',
    array_to_tsvector(array(
        select left(md5((n / %(each)s)::text), %(length)s) || term
        from unnest(array['=task', '~ksat', '=water' || n %% 50, '#t1']) as term
    ))
from generate_series(0, %(tasks)s) as n
"""


async def fill_tasks(connection: Connection, tasks: int) -> None:
    """Write about so many tasks, a tenth of them one person's, a tenth of those deleted."""
    cursor = await connection.execute(_INDEXES)
    indexes = await cursor.fetchall()
    for name, _ in indexes:
        await connection.execute(f"drop index taskfold.{name}".encode())
    for user_id, number in ((MANY, tasks // 10), (FEW, TASKS_OF_FEW)):
        own = {"user_id": user_id, "owner": owner_of(user_id), "tasks": number, "words": WORDS}
        await connection.execute(_FILL, own)
        await connection.execute(_FILL_TERMS, own)
    others = {"each": OTHERS, "tasks": tasks - tasks // 10, "length": OWNER_LENGTH}
    await connection.execute(_FILL_OTHERS, others)
    await connection.execute(_FILL_OTHERS_TERMS, others)
    for _, definition in indexes:
        await connection.execute(str(definition).encode())
    await connection.execute("vacuum analyze taskfold.task, taskfold.task_terms")
