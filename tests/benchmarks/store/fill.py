"""Large stores in little time: events and the rows they fold into, written by SQL alone."""

from collections.abc import Iterator, Sequence
from itertools import batched
from pathlib import Path

import psycopg

from projections.terms import folded, terms

HERE = Path(__file__).parent
TITLE = "Buy milk and bread"
DESCRIPTION = "What is to be done about it, in a sentence."

_AT_ONCE = 20_000
"""Events written by one statement, about."""


def fill(
    url: str, user_ids: Sequence[str], *, tasks: int, events: int = 1, read_tables: bool = True
) -> None:
    """Give some people so many tasks, each with so many events.

    Args:
        url: A migrated database.
        user_ids: People who are not in it yet.
        tasks: The tasks of each of them.
        events: The events of each task.
        read_tables: Whether to write the rows that the inline projections would have written.
    """
    names = ("events", "heads", *(("tasks", "changes") if read_tables else ()))
    statements = [(HERE / f"{name}.sql").read_bytes() for name in names]
    with psycopg.connect(url, autocommit=True) as connection:
        for some in batched(user_ids, max(1, _AT_ONCE // (tasks * events)), strict=False):
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement, _parameters(some, tasks, events))
        settle(connection)


def settle(connection: psycopg.Connection) -> None:
    """Let the planner know of what was written, and projections behind the log be level with it."""
    connection.execute((HERE / "settle.sql").read_bytes())
    connection.execute(
        "vacuum analyze taskfold.event, taskfold.user_log, taskfold.task, taskfold.task_change"
    )


def _parameters(user_ids: Sequence[str], tasks: int, events: int) -> dict[str, object]:
    return {
        "user_ids": list(user_ids),
        "owners": [_owner(user_id) for user_id in user_ids],
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
        yield lexeme.strip("'").removeprefix(_owner(""))


def _owner(user_id: str) -> str:
    return terms(user_id, "a", "", ()).strip("'").removesuffix("=a")
