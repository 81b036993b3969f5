"""Writing logs out as JSON lines, one event a line, to be read by anybody and imported again."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from psycopg.rows import class_row, scalar_row

from events.cloud_event import Totals, closing_event, cloud_event
from events.database import Pool
from events.reader import PositionedEvent
from events.statements import statement

PAGE = 2_000
"""Events read at once: bounds memory, and is enough to make the round trip cheap."""

_LAST_POSITION = statement("events", "last_stored_position")
_LOGS = statement("events", "export_logs")
_LOG = statement("events", "export_log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Some lines of an export, and what they hold."""

    lines: bytes
    events: int
    logs: int


async def export(
    pool: Pool, user_id: str | None = None, *, page: int = PAGE
) -> AsyncGenerator[Exported]:
    """Write one user's log, or everybody's, as of the start; the last lines given close the export.

    No transaction is held open for that: positions rise along every log, so the events up to the
    position that is last at the start are a beginning of each log, however long the reading takes.
    """
    hash_, events, logs, before = sha256(), 0, 0, None
    async for read in _pages(pool, user_id, page):
        lines = b"".join(msgspec.json.encode(cloud_event(event)) + b"\n" for event in read)
        hash_.update(lines)
        new = len({event.user_id for event in read} - {before})
        events, logs, before = events + len(read), logs + new, read[-1].user_id
        yield Exported(lines=lines, events=len(read), logs=new)
    totals = Totals(events=events, logs=logs, sha256=hash_.hexdigest())
    yield Exported(lines=msgspec.json.encode(closing_event(totals)) + b"\n", events=0, logs=0)


async def _pages(
    pool: Pool, user_id: str | None, page: int
) -> AsyncGenerator[list[PositionedEvent]]:
    query = _LOGS if user_id is None else _LOG
    until = await _last_position(pool)
    after = {"user_id": user_id or "", "sequence": 0}
    while True:
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(PositionedEvent), binary=True)
            await cursor.execute(query, {**after, "until": until, "limit": page})
            events = await cursor.fetchall()
        if not events:
            return
        yield events
        after = {"user_id": events[-1].user_id, "sequence": events[-1].sequence}


async def _last_position(pool: Pool) -> int:
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        await cursor.execute(_LAST_POSITION)
        position: int | None = await cursor.fetchone()
        return position or 0
