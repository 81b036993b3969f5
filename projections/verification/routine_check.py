"""Holding read tables against history all the time, a few users a minute."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psycopg
import structlog
from psycopg.rows import scalar_row
from structlog.typing import FilteringBoundLogger

from events.background import background
from events.database import Pool
from events.errors import EventLogError
from events.history import FIRST_USER, UserRange
from events.statements import statement
from projections.errors import ProjectionError
from projections.registry import PROJECTIONS, AnyProjection
from projections.verification.verification import verify

REMEMBERED = 10_000
"""Users whose rows were wrong when last looked at: enough to know that all is not well."""

_NEXT_USER = statement("projections.verification", "next_user")

_log: FilteringBoundLogger = structlog.get_logger()


@dataclass(slots=True)
class RoutineCheck:
    """Goes from user to user, round and round, and compares their rows with their history.

    Attributes:
        pool: Where; one connection at a time.
        rate: Users a minute.
        users: How many users were looked at so far.
        found: In how many rows of each projection something was found so far.
    """

    pool: Pool
    rate: float
    users: int = 0
    found: Counter[str] = field(default_factory=Counter[str])
    _standing: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    # Anywhere, so that many processes that often start anew do not all look at the same few.
    _after: str = field(default_factory=lambda: secrets.token_urlsafe(8))

    @property
    def differences(self) -> Mapping[str, int]:
        """In how many rows of each projection something is wrong, as far as was seen last."""
        standing = Counter[str]()
        for (name, _), rows in self._standing.items():
            standing[name] += rows
        return standing

    async def run(self) -> None:
        """Check, until cancelled."""
        while True:
            await asyncio.sleep(60 / self.rate)
            try:
                await self.check_one()
            except (psycopg.Error, EventLogError, ProjectionError) as error:
                # Whoever follows the log meets the same and says more of it.
                _log.warning("routine_check.failed", error=type(error).__name__)

    async def check_one(self) -> None:
        """Check the next user's rows in every live table."""
        user_id = await self._next_user()
        if user_id is None:
            return
        for projection in PROJECTIONS.values():
            await self._check(projection, user_id)
        self.users += 1

    async def _check(self, projection: AnyProjection, user_id: str) -> None:
        found = (await verify(self.pool, projection, UserRange.of(user_id))).live
        self._standing.pop((projection.name, user_id), None)
        if found.differences:
            self.found[projection.name] += found.differences
            if len(self._standing) < REMEMBERED:
                self._standing[projection.name, user_id] = found.differences
            _log.error(
                "projection.differs", projection=projection.name, differences=found.differences
            )

    async def _next_user(self) -> str | None:
        """Find the user after the last one; after all of them, the first."""
        async with self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            for after in (self._after, FIRST_USER):
                await cursor.execute(_NEXT_USER, {"after": after})
                user_id: str | None = await cursor.fetchone()
                if user_id is not None:
                    self._after = user_id
                    return user_id
        return None


@asynccontextmanager
async def open_routine_check(pool: Pool, rate: float) -> AsyncGenerator[RoutineCheck]:
    """Run a routine check until the end of the block; at a rate of 0 it looks at nobody."""
    check = RoutineCheck(pool, rate)
    if not rate:
        yield check
        return
    async with background(check.run(), name="routine-check"):
        yield check
