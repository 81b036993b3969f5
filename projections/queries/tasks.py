"""Reading tasks: one, or a list of them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from psycopg import sql
from psycopg.rows import args_row, scalar_row

from events.binding import UserReader
from events.lookup import Lookup
from events.statements import statement
from projections.queries.conditions import (
    Condition,
    conditions,
    found,
    joint_order,
    of_all,
    order,
    parts,
    values,
)
from projections.queries.listing import Listing, TaskFilter
from projections.queries.places import sequence_at
from projections.task import Task

_GET_TASK = statement("projections.queries", "get_task")
_LIST = statement("projections.queries", "list_tasks")
_JOIN = statement("projections.queries", "join_lists")
_SELECT = statement("projections.queries", "select_tasks")
_EXPORT = statement("projections.queries", "export_tasks")

TASK_BY_ID = Lookup(_GET_TASK, Task)
"""One of a user's tasks by its `task_id`, deleted or not."""

_AS_TASKS = args_row(Task)
"""For statements that select the columns of a task in the order it has them."""

NEWEST_FIRST = Listing()


async def get_task(reader: UserReader, task_id: int) -> Task | None:
    """Find one of a user's tasks, deleted ones included."""
    found = await reader.look_up(TASK_BY_ID, {"task_id": task_id})
    return next(iter(found), None)


async def list_tasks(
    reader: UserReader, listing: Listing = NEWEST_FIRST, *, limit: int
) -> list[Task]:
    """List a user's tasks, without the deleted ones.

    Args:
        reader: Reads the rows of whoever asks.
        listing: Which of them, and in which order.
        limit: The most tasks to give.
    """
    # Planned each time for the user it is about: a plan for the average user, who has ten tasks,
    # would sort the hundred thousand of another.
    asked = {**await asked_of(reader, listing), "limit": limit}
    return await reader.rows(list_query(listing), asked, _AS_TASKS, prepare=False)


async def export_tasks(reader: UserReader, *, after: int, limit: int) -> list[Task]:
    """Give a page of a user's tasks by number, deleted ones included."""
    return await reader.rows(_EXPORT, {"after": after, "limit": limit}, _AS_TASKS)


async def select_tasks(reader: UserReader, selected: TaskFilter) -> list[int]:
    """Give the numbers of a user's tasks that meet a filter, without the deleted ones."""
    wanted = of_all((*conditions(selected), *found(selected)))
    query = sql.SQL(_SELECT).format(conditions=wanted)
    asked = await asked_of(reader, Listing(filter=selected))
    return await reader.rows(query.as_bytes(), asked, scalar_row, prepare=False)


async def asked_of(reader: UserReader, listing: Listing) -> Mapping[str, object]:
    """Give the values that the statement of a list speaks of."""
    instant = listing.filter.updated_since
    since = await sequence_at(reader, instant - timedelta.resolution) if instant else 0
    return values(reader.user_id, listing, since=since)


def list_query(listing: Listing) -> bytes:
    """Give the statement that reads a list."""
    return joined(listing, lists(listing))


def lists(listing: Listing, *also: Condition) -> list[sql.Composed]:
    """Give the lists that a list of tasks as they are is put together from.

    Args:
        listing: Which tasks, and in which order.
        also: What must be true of them besides.
    """
    wanted = (*conditions(listing.filter), *found(listing.filter), *also)
    return [
        sql.SQL(_LIST).format(order=order(listing), conditions=of_all((*wanted, *part)))
        for part in parts(listing)
    ]


def joined(listing: Listing, each: Sequence[sql.Composed]) -> bytes:
    """Give the statement that reads some lists, each in order, as one."""
    if len(each) == 1:
        return each[0].as_bytes()
    together = sql.SQL(" union all ").join(sql.SQL("({})").format(one) for one in each)
    return sql.SQL(_JOIN).format(order=joint_order(listing), parts=together).as_bytes()


NEWEST_TASKS = Lookup(list_query(NEWEST_FIRST), Task)
"""A user's newest tasks, at most `limit` of them, without the deleted ones."""
