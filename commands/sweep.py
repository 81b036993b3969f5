"""Forgetting receipts that are past their time."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import psycopg
import structlog
from structlog.typing import FilteringBoundLogger

from commands.idempotency import sweep_receipts
from events import clock
from events.background import background
from events.database import Pool

RETENTION = timedelta(hours=24)
"""How long a receipt is kept at the least; a sweep may come a little later."""

INTERVAL = timedelta(minutes=10)
"""How often there is a sweep."""

_log: FilteringBoundLogger = structlog.get_logger()


def sweeping(pool: Pool) -> AbstractAsyncContextManager[None]:
    """Sweep now and then until the end of the block; any number of processes may do it."""
    return background(_sweep_for_ever(pool), name="receipt-sweep")


async def _sweep_for_ever(pool: Pool) -> None:
    while True:
        try:
            async with pool.connection() as connection:
                swept = await sweep_receipts(connection, clock.now() - RETENTION)
            _log.debug("receipts.swept", count=swept)
        except psycopg.Error as error:
            _log.warning("receipts.not_swept", error=type(error).__name__)
        await asyncio.sleep(INTERVAL.total_seconds())
