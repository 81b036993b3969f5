"""Verifying people's logs for them, so that nobody else waits for it."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from api.http.errors import ProofsBusyError
from api.http.reading import read
from events.audit import HeadedEvent, StoredHead
from events.database import Pool
from events.proof import Proof, prove, read_head, read_page
from events.verification import LogCheck

LIMIT = 50_000
"""Events verified for one request: about a second."""

WAITING = 8
"""Requests that may wait for their turn; one log is verified at a time in each process."""

REMEMBERED_TASKS = 200_000
"""Tasks in all logs whose verification is remembered: some 20 MB."""


@dataclass(frozen=True, slots=True)
class _UserReads:
    """Reads one user's log."""

    pool: Pool
    user_id: str

    async def page(self, first: int, limit: int) -> list[HeadedEvent]:
        return await read(self.pool, self.user_id, lambda reader: read_page(reader, first, limit))

    async def head(self) -> StoredHead | None:
        return await read(self.pool, self.user_id, read_head)


class Proofs:
    """Verifies logs, and remembers up to where each was in order."""

    def __init__(self, *, limit: int = LIMIT) -> None:
        self._limit = limit
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._checks: OrderedDict[str, LogCheck] = OrderedDict()

    async def prove(self, pool: Pool, user_id: str, *, anew: bool) -> tuple[Proof, LogCheck]:
        """Verify a user's log on from where that was left, or anew from its beginning.

        Raises:
            ProofsBusyError: Too many others want the same.
        """
        async with self._in_turn():
            reads = _UserReads(pool, user_id)
            check = None if anew else await self._remembered(reads, user_id)
            self._checks.pop(user_id, None)
            check = check or LogCheck(user_id)
            proof = await prove(reads, check, limit=self._limit)
            if proof.finding is None:
                self._remember(check)
            return proof, check

    async def _remembered(self, reads: _UserReads, user_id: str) -> LogCheck | None:
        check, head = self._checks.get(user_id), await reads.head()
        if check is None or head is None:
            return None
        # What was erased since says something else by now than it did; or it is another database.
        same = head.erased_through == check.erased_through and head.sequence >= check.sequence
        return check if same else None

    def _remember(self, check: LogCheck) -> None:
        self._checks[check.user_id] = check
        while sum(1 + each.tasks for each in self._checks.values()) > REMEMBERED_TASKS:
            self._checks.popitem(last=False)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncGenerator[None]:
        if self._waiting >= WAITING:
            raise ProofsBusyError
        self._waiting += 1
        try:
            async with self._turn:
                yield
        finally:
            self._waiting -= 1
