"""Reading what happened to a user's tasks, or to one: events, and the fields they changed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import LiteralString

import msgspec
from psycopg import sql
from psycopg.rows import tuple_row

from events.binding import UserReader
from events.codec import decode_metadata
from events.statements import statement
from projections.errors import NotFilledError
from projections.queries.places import sequence_at, version_at
from projections.queries.trail import FieldChange, Order, TrailEntry, TrailFilter, TrailPage
from projections.task_change import NAME, UNSET

LOOKED_AT = 20_000
"""The most events a page is sought among: what few events meet would else be sought in all."""

_LOG_END = statement("projections.queries", "log_end")
_TASK_END = statement("projections.queries", "task_end")
_READ_TRAIL = statement("projections.queries", "read_trail")

_FIELDS = list(UNSET)
_INSTANT = timedelta(microseconds=1)

_changes_decoder = msgspec.json.Decoder(tuple[FieldChange, ...])


async def read_trail(
    reader: UserReader,
    wanted: TrailFilter,
    order: Order,
    *,
    limit: int,
    seen: int | None = None,
    looked_at: int = LOOKED_AT,
) -> TrailPage | None:
    """Read a page of what a user did, deleted tasks included.

    Neither the sequences of a log nor the versions of a task have gaps, so a page is sought in a
    range of them: the places, which are sequences, or versions where one task is wanted.

    Args:
        reader: Reads the rows of whoever asks.
        wanted: What of it.
        order: Which end comes first.
        limit: The most entries to give.
        seen: The place that the page before this one has ended with.
        looked_at: The most events to look at for it.

    Returns:
        The page; None when one task is wanted and the user has no such task.

    Raises:
        NotFilledError: The changes of before the table existed are not in it yet.
    """
    places = await _places(reader, wanted)
    if places is None:
        return None
    rest = _rest(places, order, seen)
    looked = _first(rest, order, looked_at if wanted.sifts else limit)
    entries = await _read(reader, wanted, order, looked, limit) if looked else []
    if len(entries) == limit:
        last = entries[-1].sequence if wanted.task_id is None else entries[-1].version
    else:
        last = _last(looked, order) if looked else None
    return TrailPage(
        entries=entries, seen=None if last is None or last == _last(rest, order) else last
    )


async def _places(reader: UserReader, wanted: TrailFilter) -> range | None:
    """Give the places among which all that is wanted is; None without such a task."""
    end = await _end(reader, wanted.task_id)
    if end is None:
        return None
    first, last = 1, end
    if wanted.since is not None:
        first = 1 + await _place_before(reader, wanted.task_id, wanted.since)
    if wanted.until is not None:
        last = min(end, await _place_before(reader, wanted.task_id, wanted.until))
    return range(first, last + 1)


async def _end(reader: UserReader, task_id: int | None) -> int | None:
    query = _LOG_END if task_id is None else _TASK_END
    match await reader.rows(query, {"task_id": task_id, "projection": NAME}, tuple_row):
        case [(int(), *_, False)]:
            raise NotFilledError(NAME)
        case [(int() as end, *_)]:
            return end
        case _:
            return None


async def _place_before(reader: UserReader, task_id: int | None, instant: datetime) -> int:
    sequence = await sequence_at(reader, instant - _INSTANT)
    return sequence if task_id is None else await version_at(reader, task_id, sequence)


def _rest(places: range, order: Order, seen: int | None) -> range:
    if seen is None:
        return places
    if order is Order.OLDEST:
        return range(max(places.start, min(seen, places.stop) + 1), places.stop)
    return range(places.start, min(places.stop, seen))


def _first(rest: range, order: Order, number: int) -> range:
    return rest[:number] if order is Order.OLDEST else rest[-number:]


def _last(places: range, order: Order) -> int:
    return places[-1] if order is Order.OLDEST else places[0]


async def _read(
    reader: UserReader, wanted: TrailFilter, order: Order, looked: range, limit: int
) -> list[TrailEntry]:
    asked: Mapping[str, object] = {
        "task_id": wanted.task_id,
        "types": None if wanted.types is None else list(wanted.types),
        "actor": wanted.actor,
        "fields": _FIELDS,
        "first": looked[0],
        "last": looked[-1],
        "limit": limit,
    }
    query = trail_query(wanted, order)
    rows = await reader.rows(query, asked, tuple_row, prepare=False)
    return [_entry(*row) for row in rows]


def trail_query(wanted: TrailFilter, order: Order) -> bytes:
    """Give the statement that reads what is wanted of a range of places."""
    of_log = wanted.task_id is None
    places: LiteralString = (
        "sequence between %(first)s and %(last)s"
        if of_log
        else "task_id = %(task_id)s and version between %(first)s::int and %(last)s::int"
    )
    place: LiteralString = "sequence" if of_log else "version"
    direction: LiteralString = "" if order is Order.OLDEST else " desc"
    parts = {"range": sql.SQL(places), "order": sql.SQL(place + direction)}
    return sql.SQL(_READ_TRAIL).format(**parts).as_bytes()


def _entry(
    sequence: int,
    task_id: int,
    version: int,
    type_: str,
    recorded_at: datetime,
    data: str,
    metadata: str,
    changes: str,
    chain: bytes,
) -> TrailEntry:
    return TrailEntry(
        sequence=sequence,
        task_id=task_id,
        version=version,
        type=type_,
        recorded_at=recorded_at,
        data=data,
        metadata=decode_metadata(metadata),
        changes=_changes_decoder.decode(changes),
        chain=chain,
    )
