"""Checking the live table of a projection against history, as a whole or a sample of it."""

import secrets
from collections.abc import AsyncGenerator

from psycopg.rows import scalar_row

from events.database import Pool
from events.history import FIRST_USER, UserRange, next_users
from events.statements import statement
from projections.registry import AnyProjection
from projections.verification.verification import Verified, verify

CHUNK = 20_000
"""Events folded for one snapshot, about: a short one, so that PostgreSQL can clean up meanwhile."""

WHOLE = 100.0
"""A sample of everybody, in per cent."""

_SAMPLE = statement("projections.verification", "sample_users")


async def check(
    pool: Pool, projection: AnyProjection, *, user: str | None = None, sample: float = WHOLE
) -> AsyncGenerator[Verified]:
    """Verify the live table part by part.

    Args:
        pool: Where.
        projection: Whose table.
        user: Only this user's rows.
        sample: How many of the users, in per cent, drawn anew each time.
    """
    async for users in _ranges(pool, user, sample):
        yield await verify(pool, projection, users)


async def _ranges(pool: Pool, user: str | None, sample: float) -> AsyncGenerator[UserRange]:
    if user is not None:
        yield UserRange.of(user)
    elif sample >= WHOLE:
        async for users in _everybody(pool):
            yield users
    else:
        async for user_id in _some(pool, sample):
            yield UserRange.of(user_id)


async def _everybody(pool: Pool) -> AsyncGenerator[UserRange]:
    rest = UserRange()
    while True:
        async with pool.connection() as connection:
            users = await next_users(connection, rest, events=CHUNK)
        # Also where no log is left: a table may hold rows of users who have none.
        yield users or rest
        if users is None:
            return
        rest = UserRange(after=users.until)


async def _some(pool: Pool, sample: float) -> AsyncGenerator[str]:
    seed, after = secrets.randbits(62), FIRST_USER
    while True:
        async with pool.connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(_SAMPLE, {"after": after, "seed": seed, "percent": sample})
            users: list[str] = await cursor.fetchall()
        for user_id in users:
            yield user_id
        if not users:
            return
        after = users[-1]
