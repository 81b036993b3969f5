"""Gathering lookups of concurrent requests: while some are under way, the next come together."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from psycopg_pool import PoolTimeout

from events.binding import check_user_id
from events.database import Connection, Pool
from events.lookup import Lookup, Value
from events.lookup_exchange import Asked, Exchange

GROUP_LIMIT = 32
"""Lookups that share an exchange at most, so that the first need not wait for very many others."""

CROWD = 16
"""Lookups that have to wait before another connection is taken: a few are answered faster together
than apart."""

PATIENCE = 0.5
"""Seconds for a group to have a connection, and for a lookup to be answered; whoever asked then
looks for a connection by themselves. So one that hangs keeps nobody else waiting."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    asked: Asked
    found: asyncio.Future[list[Any]]

    def succeed(self, rows: list[Any]) -> None:
        if not self.found.done():
            self.found.set_result(rows)

    def fail(self, error: Exception) -> None:
        if not self.found.done():
            self.found.set_exception(error)


class Lookups:
    """Answers lookups, many in one exchange."""

    def __init__(self, pool: Pool, tasks: asyncio.TaskGroup, *, prepares: bool) -> None:
        self._pool = pool
        self._tasks = tasks
        self._prepares = prepares
        self._prepared: WeakKeyDictionary[Connection, set[bytes]] = WeakKeyDictionary()
        self._queue: deque[_Waiting] = deque()
        self._running = 0

    async def rows[T](self, user_id: str, lookup: Lookup[T], asked: Mapping[str, Value]) -> list[T]:
        """Give all rows that a lookup brings.

        Raises:
            psycopg.Error: It failed or took too long, or another one did that was asked with it.
            UnboundableUserError: What is said to be a user's id is none.
        """
        check_user_id(user_id)
        values = lookup.encoded({**asked, "user_id": user_id})
        found: asyncio.Future[list[T]] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(Asked(user_id, lookup, values), found))
        if len(self._queue) > self._running * CROWD:
            self._running += 1
            self._tasks.create_task(self._run(), name="lookups")
        try:
            async with asyncio.timeout(PATIENCE):
                return await found
        except TimeoutError:
            message = "the lookups before it take too long"
            raise PoolTimeout(message) from None

    async def _run(self) -> None:
        try:
            while self._queue:
                if group := self._gathered():
                    await self._answer(group)
        finally:
            self._running -= 1

    def _gathered(self) -> list[_Waiting]:
        number = min(GROUP_LIMIT, len(self._queue))
        gathered = [self._queue.popleft() for _ in range(number)]
        # Who has hung up is not owed an answer.
        return [waiting for waiting in gathered if not waiting.found.done()]

    async def _answer(self, group: Sequence[_Waiting]) -> None:
        try:
            async with self._pool.connection(timeout=PATIENCE) as connection:
                found = await self._exchange(connection).carry_out([each.asked for each in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the callers
            for each in group:
                each.fail(error)
        else:
            for each, rows in zip(group, found, strict=True):
                each.succeed(rows)
        finally:
            # However it ends, nobody is left waiting for an answer that cannot come.
            for each in group:
                each.found.cancel()

    def _exchange(self, connection: Connection) -> Exchange:
        prepared = self._prepared.setdefault(connection, set())
        return Exchange(connection, prepared, prepares=self._prepares)


@asynccontextmanager
async def open_lookups(pool: Pool, *, prepared_statements: bool = True) -> AsyncGenerator[Lookups]:
    """Answer lookups until closed; at the end, those under way are still answered.

    Args:
        pool: Where connections come from.
        prepared_statements: Off for a pooler that does not know protocol-level prepared statements.
    """
    async with asyncio.TaskGroup() as tasks:
        yield Lookups(pool, tasks, prepares=prepared_statements)
