"""The loop that carries one async projection on behind the log, wherever it is its turn."""

import asyncio
import os
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
import structlog
from structlog.typing import FilteringBoundLogger

from events.bell import Bell, heard
from events.database import Pool
from events.follower import POLL_INTERVAL, Follower
from events.ids import new_id
from projections.errors import LeaseLostError
from projections.following.hold import Hold
from projections.following.lease import claim
from projections.following.poison import apply
from projections.read_table import read_table
from projections.reason import reason
from projections.registry import AnyProjection
from projections.skips import find_skipped

BATCH = 1_000
"""Events folded together: enough to make a commit cheap, few enough (12 ms) not to hold up requests
that are served beside it."""

LARGE_BATCH = 5_000
"""The same where nothing else is served: half as much again in a second."""

LOOK_INTERVAL = 1.5
"""Seconds after which a projector whose turn it is not looks again."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0

_log: FilteringBoundLogger = structlog.get_logger()


def new_owner() -> str:
    """Make what tells one projector from all others, and an operator where it runs."""
    return f"{socket.gethostname()}/{os.getpid()}/{new_id()}"


@dataclass(slots=True)
class Projector:
    """Runs one projection.

    Attributes:
        projection: What it runs.
        pool: Where to read and write.
        bell: Rung when there may be new events.
        projected: What it rings when it has committed something.
        batch: The most events it folds together.
    """

    projection: AnyProjection
    pool: Pool
    bell: Bell
    projected: Bell
    batch: int = BATCH
    owner: str = field(default_factory=new_owner)
    _follower: Follower | None = None

    @property
    def stalled(self) -> float:
        """For how many seconds it has not been safe to read on, though there is something."""
        if self._follower is None or self._follower.mark.stalled_since is None:
            return 0.0
        return time.monotonic() - self._follower.mark.stalled_since

    async def run(self) -> None:
        """Go on until cancelled or until the pool is closed, whatever befalls PostgreSQL."""
        pause = _FIRST_PAUSE
        while not self.pool.closed:
            try:
                await self._take_turn()
            except LeaseLostError:
                _log.info("projector.superseded", projection=self.projection.name)
            except Exception as error:  # noqa: BLE001 - nothing may end it, nor anybody beside it
                _log.warning(
                    "projector.interrupted", projection=self.projection.name, error=reason(error)
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                pause = _FIRST_PAUSE
            finally:
                self._follower = None

    async def _take_turn(self) -> None:
        """Take the projection and follow the log for it; look again later if it is not free."""
        hold = await self._claim()
        if hold is None:
            await asyncio.sleep(LOOK_INTERVAL)
            return
        _log.info(
            "projector.took_over",
            projection=self.projection.name,
            generation=hold.lease.generation,
            position=hold.lease.position,
        )
        try:
            await self._follow(hold)
        except asyncio.CancelledError:
            with suppress(psycopg.Error):
                await hold.release()
            raise

    async def _claim(self) -> Hold | None:
        async with self.pool.connection() as connection:
            lease = await claim(connection, self.projection, self.owner)
            if lease is None:
                return None
            skipped = await find_skipped(connection, self.projection.name)
        return Hold(self.pool, read_table(self.projection), lease, skipped)

    async def _follow(self, hold: Hold) -> None:
        """Apply what happens, until that did not go the straight way."""
        position = hold.lease.position
        follower = Follower(self.pool, self.bell, after=position, batch=self.batch)
        self._follower = follower
        straight = True
        while straight:
            ring = self.bell.listen()
            if batch := await follower.next_batch():
                straight = await apply(hold, batch, follower.after)
                self.projected.ring()
            else:
                await hold.keep()
                await heard(ring, within=POLL_INTERVAL)
