"""Reading what happened to a task: its events, each with the fields it changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec
from psycopg.rows import tuple_row

from events.binding import UserReader
from events.codec import decode_metadata
from events.envelope import Metadata
from events.statements import statement
from projections.errors import NotFilledError
from projections.task_change import NAME, UNSET, Value

_LAST_VERSION = statement("projections.queries", "last_version")
_READ_REVISIONS = statement("projections.queries", "read_revisions")

_FIELDS = list(UNSET)


class Order(StrEnum):
    """Which end of a history comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a field held before an event, and what it held after."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One event of a task, who caused it, and the fields it changed."""

    sequence: int
    version: int
    type: str
    recorded_at: datetime
    metadata: Metadata
    changes: tuple[FieldChange, ...]


_changes_decoder = msgspec.json.Decoder(tuple[FieldChange, ...])


async def read_history(
    reader: UserReader,
    task_id: int,
    order: Order,
    *,
    limit: int,
    seen: int | None = None,
) -> list[Revision] | None:
    """Read a page of what happened to one of a user's tasks, deleted ones included.

    The versions of a task have no gaps, so a page is a range of them.

    Args:
        reader: Reads the rows of whoever asks.
        task_id: Which of their tasks.
        order: Which end comes first.
        limit: The most revisions to give.
        seen: The version that the page before this one has ended with.

    Returns:
        The revisions; None when the user has no such task.

    Raises:
        NotFilledError: The changes of before the table existed are not in it yet.
    """
    last = await _last_version(reader, task_id)
    if last is None:
        return None
    page = _page(order, limit, seen, last)
    revisions = await _read_revisions(reader, task_id, page) if page else []
    return revisions if order is Order.OLDEST else revisions[::-1]


def _page(order: Order, limit: int, seen: int | None, last: int) -> range:
    if order is Order.OLDEST:
        first = 1 if seen is None else seen + 1
        return range(first, min(first + limit, last + 1))
    end = last + 1 if seen is None else min(seen, last + 1)
    return range(max(end - limit, 1), end)


async def _last_version(reader: UserReader, task_id: int) -> int | None:
    match await reader.rows(_LAST_VERSION, {"task_id": task_id, "projection": NAME}, tuple_row):
        case [(int(), False)]:
            raise NotFilledError(NAME)
        case [(int() as version, _)]:
            return version
        case _:
            return None


async def _read_revisions(reader: UserReader, task_id: int, page: range) -> list[Revision]:
    asked = {
        "task_id": task_id,
        "fields": _FIELDS,
        "first": page[0],
        "last": page[-1],
    }
    rows = await reader.rows(_READ_REVISIONS, asked, tuple_row)
    return [_revision(*row) for row in rows]


def _revision(
    sequence: int, version: int, type_: str, recorded_at: datetime, metadata: str, changes: str
) -> Revision:
    return Revision(
        sequence=sequence,
        version=version,
        type=type_,
        recorded_at=recorded_at,
        metadata=decode_metadata(metadata),
        changes=_changes_decoder.decode(changes),
    )
