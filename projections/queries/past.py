"""Reading tasks as they were: one, a list of them, what became of them between two moments.

A task that nothing has happened to since a moment is read as it is. What another was then is put
together from the last change that each of its fields had by then.
"""

from collections.abc import Iterable, Mapping
from typing import LiteralString

from psycopg import sql
from psycopg.rows import class_row, scalar_row, tuple_row

from events.binding import UserReader
from events.statements import statement
from events.tasks import Priority
from projections.queries.conditions import Condition, conditions, of_all, order, parts
from projections.queries.listing import Listing, TaskFilter
from projections.queries.moment import Moment
from projections.queries.tasks import asked_of, joined, lists
from projections.sought import has_words
from projections.task import Task
from projections.task_change import UNSET
from projections.terms import words

CHUNK = 1_000
"""Tasks whose words are looked at in one go; others wait for some milliseconds meanwhile."""

_TASKS = statement("projections.queries", "tasks_then")
_LIST = statement("projections.queries", "list_tasks_then")
_WORDS = statement("projections.queries", "words_then")
_SEQUENCE_OF = statement("projections.queries", "sequence_of")

_UNCHANGED: Condition = "sequence <= %(sequence)s"
_CHANGED: LiteralString = "sequence > %(sequence)s"
_LISTED: Condition = "deleted_at is null"
FIXED: Mapping[str, list[str]] = {"fields": list(UNSET), "priorities": list(Priority)}
"""What the statements are given whatever is asked: the fields there are, priorities by rank."""


async def get_tasks_then(
    reader: UserReader, task_ids: Iterable[int], moment: Moment
) -> dict[int, Task]:
    """Give some of a user's tasks as they were at a moment, by number, deleted ones included."""
    if moment.is_erased:
        return {}
    ids = list(task_ids)
    asked = {**FIXED, **_at(moment), "task_ids": ids, "limit": len(ids)}
    found = await reader.rows(TASKS_QUERY, asked, class_row(Task), prepare=False)
    return {task.task_id: task for task in found}


async def get_task_then(reader: UserReader, task_id: int, moment: Moment) -> Task | None:
    """Give one of a user's tasks as it was at a moment; None if it was not there yet."""
    return (await get_tasks_then(reader, [task_id], moment)).get(task_id)


async def sequence_of(reader: UserReader, task_id: int, version: int) -> int | None:
    """Give the event that brought a task to a version; None if it has never been at it."""
    asked = {"task_id": task_id, "version": version}
    rows = await reader.rows(_SEQUENCE_OF, asked, scalar_row)
    return next(iter(rows), None)


async def list_tasks_then(
    reader: UserReader, moment: Moment, listing: Listing, *, limit: int
) -> list[Task]:
    """List a user's tasks as they were at a moment, without those that were deleted then.

    Args:
        reader: Reads the rows of whoever asks.
        moment: When.
        listing: Which of them, and in which order.
        limit: The most tasks to give.
    """
    if moment.recorded_at is None or moment.is_erased:
        return []
    asked: dict[str, object] = {
        **FIXED,
        **await asked_of(reader, listing),
        **_at(moment),
        "limit": limit,
    }
    if listing.filter.text:
        asked["found"] = await _with_words(reader, listing.filter, asked)
    query = past_query(listing)
    return await reader.rows(query, asked, class_row(Task), prepare=False)


def past_query(listing: Listing) -> bytes:
    """Give the statement that reads a list as it was."""
    wanted = (*_wanted(listing.filter), *(_FOUND if listing.filter.text else ()))
    changed = [
        _part(_LIST, _CHANGED, listing, (*wanted, *part)) for part in parts(listing, apart=False)
    ]
    return joined(listing, [*lists(listing, _UNCHANGED), *changed])


_FOUND: tuple[Condition, ...] = ("task_id = any(%(found)s::bigint[])",)


async def _with_words(
    reader: UserReader, wanted: TaskFilter, asked: Mapping[str, object]
) -> list[int]:
    """Find the tasks that have changed since and had the words that are sought."""
    query = _query(_WORDS, _CHANGED, Listing(), _wanted(wanted))
    sought, found, beyond = words(wanted.text), list[int](), 0
    while True:
        chunk = {**asked, "beyond": beyond, "limit": CHUNK}
        rows = await reader.rows(query, chunk, tuple_row, prepare=False)
        found += [task_id for task_id, *texts in rows if has_words(sought, *texts)]
        if len(rows) < CHUNK:
            return found
        beyond = rows[-1][0]


def _wanted(wanted: TaskFilter) -> tuple[Condition, ...]:
    tags: tuple[Condition, ...] = ("tags @> %(tags)s::text[]",) if wanted.tags else ()
    return (_LISTED, *conditions(wanted), *tags)


def _query(
    template: LiteralString, which: LiteralString, listing: Listing, wanted: Iterable[Condition]
) -> bytes:
    return _part(template, which, listing, wanted).as_bytes()


def _part(
    template: LiteralString, which: LiteralString, listing: Listing, wanted: Iterable[Condition]
) -> sql.Composed:
    return sql.SQL(template).format(
        tasks=tasks_then(which, "%(sequence)s"),
        conditions=of_all(wanted),
        order=order(listing),
    )


def tasks_then(which: LiteralString, until: LiteralString) -> sql.Composed:
    """Give the statement of tasks as they were, to be put into another.

    Args:
        which: The condition of the tasks.
        until: The sequence of the last event that had happened by then.
    """
    return sql.SQL(_TASKS).format(which=sql.SQL(which), until=sql.SQL(until))


def _at(moment: Moment) -> Mapping[str, object]:
    return {"sequence": moment.sequence, "recorded_at": moment.recorded_at}


TASKS_QUERY = _query(_LIST, "task_id = any(%(task_ids)s::bigint[])", Listing(), ())
"""The statement that reads some tasks as they were."""
