"""Erasing a person's data: the log says so first, then everything it stands for is taken away.

The first step is one short command like any other. From then on the log counts as empty, and its
user can write nothing until the rest is done, in parts that nobody else waits for. Whoever is cut
off in between leaves that to the next one who asks, or to any server.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import AbstractAsyncContextManager, contextmanager

import psycopg
import structlog
from structlog.typing import FilteringBoundLogger

from api.identity.tickets import forget_tickets
from commands.erasure import forget_receipts
from events.background import background
from events.binding import UserReader
from events.database import Pool
from events.redaction import find_erasure, note_cleared, redact, unfinished_erasures
from projections.erasure import remove_rows

INTERVAL = 60.0
"""Seconds between two looks for erasures that were cut off."""

_log: FilteringBoundLogger = structlog.get_logger()


async def clear(pool: Pool, user_id: str) -> AsyncGenerator[int]:
    """Take away what a user's log was erased of; gives how many events each step was about.

    It may be broken off anywhere and begun again, by several at once.
    """
    async with pool.connection() as connection:
        erasure = await find_erasure(UserReader(connection, user_id))
    if erasure is None or erasure.is_finished:
        return
    async for events in redact(pool, user_id, erasure):
        yield events
    # Only now: whoever reads the log from here on makes no rows of it any more.
    await remove_rows(pool, user_id)
    await forget_receipts(pool, user_id)
    await forget_tickets(pool, user_id)
    await note_cleared(pool, user_id, erasure)


def finishing_erasures(pool: Pool) -> AbstractAsyncContextManager[None]:
    """Finish what others were cut off in, until the end of the block."""
    return background(_finish_for_ever(pool), name="erasures")


async def _finish_for_ever(pool: Pool) -> None:
    while True:
        # First, so that whoever is at it has the time to finish by themselves.
        await asyncio.sleep(INTERVAL)
        with _interruption_told():
            for user_id in await unfinished_erasures(pool):
                # Each by itself, as those of others must not wait for one that fails.
                with _interruption_told():
                    async for _ in clear(pool, user_id):
                        pass
                    _log.info("erasure.finished")


@contextmanager
def _interruption_told() -> Generator[None]:
    try:
        yield
    except psycopg.Error as error:
        _log.warning("erasure.interrupted", error=type(error).__name__)
