"""The command handler: while one group of commands commits, the next one gathers."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psycopg

from commands.context import CommandContext
from commands.draft import Request
from commands.errors import OutcomeUnknownError, QueueFullError
from commands.group import Group, Outcome, Project
from commands.receipt import Receipt
from commands.tasks import TaskCommand
from events import clock
from events.database import Pool
from events.errors import DatabaseUnreachableError

GROUP_LIMIT = 128
"""The most commands that share a transaction: beyond it a commit is shared well enough, and the
last of the group would only wait longer."""

PATIENCE = 8.0
"""Seconds a group is tried again after losing its connection or a race, before its callers hear."""

_RETRIED = (
    psycopg.OperationalError,
    psycopg.errors.UniqueViolation,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.TransactionTimeout,
)
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command that waits for its group, and where its caller waits for the outcome."""

    request: Request
    outcome: asyncio.Future[Receipt]


class CommandHandler:
    """Carries out commands, in the order they came, many to a transaction."""

    def __init__(
        self, pool: Pool, project: Project, *, queue_limit: int, committed: Callable[[], None]
    ) -> None:
        self._pool = pool
        self._project = project
        self._queue_limit = queue_limit
        self._committed = committed
        self._queue: deque[Waiting] = deque()
        self._arrival = asyncio.Event()
        self._closing = False

    async def handle(self, context: CommandContext, command: TaskCommand) -> Receipt:
        """Carry a command out; when this returns, its events are committed.

        Raises:
            RefusalError: A rule does not allow the command.
            WrongVersionError: The task is not at the version the caller expects.
            QueueFullError: Too many commands are waiting already.
            DatabaseUnreachableError: PostgreSQL is away; nothing was recorded.
            OutcomeUnknownError: PostgreSQL went away at the commit and has not come back.
        """
        if self._closing or len(self._queue) >= self._queue_limit:
            raise QueueFullError(len(self._queue))
        outcome: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._queue.append(Waiting(Request(context=context, command=command), outcome))
        self._arrival.set()
        return await outcome

    async def run(self) -> None:
        """Commit one group after another until closed and nothing is waiting."""
        while self._queue or not self._closing:
            if not self._queue:
                self._arrival.clear()
                await self._arrival.wait()
            await self._commit(self._gather())

    def close(self) -> None:
        """Let `run` end once everything that waits is done."""
        self._closing = True
        self._arrival.set()

    def _gather(self) -> list[Waiting]:
        gathered = [self._queue.popleft() for _ in range(min(len(self._queue), GROUP_LIMIT))]
        # A caller who has hung up before the commit began is not owed one.
        return [waiting for waiting in gathered if not waiting.outcome.done()]

    async def _commit(self, group: Sequence[Waiting]) -> None:
        if not group:
            return
        try:
            outcomes = await self._persist(Group([waiting.request for waiting in group]))
            self._committed()
        except (DatabaseUnreachableError, OutcomeUnknownError) as error:
            outcomes = [error] * len(group)
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to the callers
            if len(group) > 1:
                await self._commit_each(group)
                return
            outcomes = [error]
        for waiting, outcome in zip(group, outcomes, strict=True):
            _settle(waiting.outcome, outcome)

    async def _commit_each(self, group: Sequence[Waiting]) -> None:
        """Part a group that cannot be committed, so that only the culprit fails."""
        for waiting in group:
            await self._commit([waiting])

    async def _persist(self, group: Group) -> list[Outcome]:
        give_up = asyncio.get_running_loop().time() + PATIENCE
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._pool.connection(timeout=PATIENCE) as connection:
                    return await group.carry_out(connection, self._project, clock.now())
            except _RETRIED as error:
                if asyncio.get_running_loop().time() > give_up:
                    raise _failure(error, in_doubt=group.in_doubt) from error
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)


@asynccontextmanager
async def open_handler(
    pool: Pool,
    project: Project,
    *,
    queue_limit: int,
    committed: Callable[[], None] = lambda: None,
) -> AsyncGenerator[CommandHandler]:
    """Run a command handler; at the end, what was accepted is still committed.

    Args:
        pool: Where to write.
        project: Writes the inline projections.
        queue_limit: The most commands that may wait; one more is turned away.
        committed: Called after each commit, so that followers can be told.
    """
    handler = CommandHandler(pool, project, queue_limit=queue_limit, committed=committed)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(handler.run(), name="command-handler")
        try:
            yield handler
        finally:
            handler.close()


def _settle(future: asyncio.Future[Receipt], outcome: Outcome) -> None:
    if future.done():
        return
    if isinstance(outcome, Receipt):
        future.set_result(outcome)
    else:
        future.set_exception(outcome)


def _failure(error: psycopg.Error, *, in_doubt: bool) -> Exception:
    if isinstance(error, psycopg.errors.UniqueViolation):
        return error
    if in_doubt:
        return OutcomeUnknownError()
    return DatabaseUnreachableError(" ".join(str(error).split()))
