"""Large stores in little time: events and the rows they fold into, written by SQL alone."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from pathlib import Path

import psycopg

from projections.terms import folded, owner_of, terms

HERE = Path(__file__).parent
TITLE = "Buy milk and bread"
DESCRIPTION = "What is to be done about it, in a sentence."

STATEMENTS = ("events", "heads", "tasks", "terms", "changes", "receipts")
TABLES = tuple(
    f"taskfold.{name}"
    for name in ("event", "user_log", "task", "task_terms", "task_change", "receipt")
)
_TERMS_INDEX = """
select indexdef from pg_indexes
where schemaname = 'taskfold' and indexname = 'task_terms_idx'
    and not exists (select from taskfold.task_terms)
"""

_AT_ONCE = 20_000
"""Events written by one statement, about."""


def fill(url: str, user_ids: Sequence[str], *, tasks: int, events: int = 1) -> None:
    """Give some people so many tasks, each with so many events.

    Args:
        url: A migrated database.
        user_ids: People who are not in it yet.
        tasks: The tasks of each of them.
        events: The events of each task.
    """
    statements = [(HERE / f"{name}.sql").read_bytes() for name in STATEMENTS]
    with psycopg.connect(url, autocommit=True) as connection, _indexed_at_last(connection):
        for some in batched(user_ids, max(1, _AT_ONCE // (tasks * events)), strict=False):
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement, _parameters(some, tasks, events))
    with psycopg.connect(url, autocommit=True) as connection:
        settle(connection)


def settle(connection: psycopg.Connection) -> None:
    """Let the planner know of what was written, and projections behind the log be level with it."""
    connection.execute((HERE / "settle.sql").read_bytes())
    connection.execute(f"vacuum analyze {', '.join(TABLES)}".encode())


@contextmanager
def _indexed_at_last(connection: psycopg.Connection) -> Generator[None]:
    """Make the index of terms after an empty table is filled: it is far quicker then."""
    row = connection.execute(_TERMS_INDEX).fetchone()
    if row is None:
        yield
        return
    connection.execute("drop index taskfold.task_terms_idx")
    yield
    connection.execute(row[0].encode())


def _parameters(user_ids: Sequence[str], tasks: int, events: int) -> dict[str, object]:
    return {
        "user_ids": list(user_ids),
        "owners": [owner_of(user_id) for user_id in user_ids],
        "endings": list(_endings()),
        "tasks": tasks,
        "events": events,
        "title": TITLE,
        "description": DESCRIPTION,
        "title_key": folded(TITLE),
    }


def _endings() -> Iterator[str]:
    """Give what a task is found by, without whose it is."""
    for lexeme in terms("", TITLE, DESCRIPTION, ()).split():
        yield lexeme.strip("'").removeprefix(owner_of(""))
