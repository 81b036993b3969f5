"""Carrying a group of commands to its end: again while failures pass, in parts if it must be."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from commands.errors import OutcomeUnknownError
from commands.group import Group, Outcome, Project
from commands.request import Request
from commands.streams import KnownStreams
from events import clock
from events.database import Pool
from events.errors import DatabaseUnreachableError
from events.passing import is_passing

PATIENCE = 8.0
"""Seconds a group is tried again while PostgreSQL is away, before its callers hear of it."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5


@dataclass(slots=True)
class Persistence:
    """Where groups are written, and what is remembered from one to the next."""

    pool: Pool
    project: Project
    known: KnownStreams = field(default_factory=KnownStreams)

    async def carry_out(self, requests: Sequence[Request]) -> list[Outcome]:
        """Give what became of each command of a group.

        A group that PostgreSQL does not take is parted, so that only the culprit fails. One whose
        commit may have happened is never parted and never sent again without looking.
        """
        group = Group(requests, self.known)
        try:
            return await self._insist(group)
        except (DatabaseUnreachableError, OutcomeUnknownError) as error:
            return [error] * len(requests)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the callers
            if group.in_doubt:
                return [OutcomeUnknownError()] * len(requests)
            if len(requests) == 1:
                return [error]
        return [outcome for request in requests for outcome in await self.carry_out([request])]

    async def _insist(self, group: Group) -> list[Outcome]:
        give_up = asyncio.get_running_loop().time() + PATIENCE
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self.pool.connection(timeout=PATIENCE) as connection:
                    return await group.carry_out(connection, self.project, clock.now())
            except psycopg.Error as error:
                if not is_passing(error):
                    raise
                if asyncio.get_running_loop().time() > give_up:
                    raise _failure(error, in_doubt=group.in_doubt) from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


def _failure(error: psycopg.Error, *, in_doubt: bool) -> Exception:
    if in_doubt:
        return OutcomeUnknownError()
    return DatabaseUnreachableError(" ".join(str(error).split()))
