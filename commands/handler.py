"""The command handler: while groups of commands are written, the next one gathers."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from commands.context import CommandContext
from commands.errors import OutcomeUnknownError, QueueFullError, StoppingError
from commands.group import Outcome, Project
from commands.lines import Lines, Waiting
from commands.persistence import Persistence
from commands.receipt import Receipt
from commands.request import Request
from commands.tasks import Command
from events.database import Pool

GROUP_LIMIT = 128
"""The most commands that share a transaction: beyond it a commit is shared well enough, and the
last of the group would only wait longer. The last one may be a batch that goes beyond it."""

GROUPS = 2
"""Groups under way at once: while PostgreSQL writes one, the next is decided. They are never about
the same users, so neither waits for the other."""


class CommandHandler:
    """Carries out commands, each user's in the order they came, many to a transaction."""

    def __init__(
        self, persistence: Persistence, *, queue_limit: int, committed: Callable[[], None]
    ) -> None:
        self._persistence = persistence
        self._queue_limit = queue_limit
        self._committed = committed
        self._lines = Lines()
        self._groups = 0
        self._news = asyncio.Event()
        self._closing = False

    @property
    def waiting(self) -> int:
        """How many commands wait for a group, those in batches counted one by one."""
        return self._lines.weight

    async def handle(self, context: CommandContext, command: Command) -> Receipt:
        """Carry a command out; when this returns, its events are committed.

        Raises:
            RefusalError: A rule does not allow the command.
            WrongVersionError: The task is not at a version the caller expects.
            KeyReusedError: The idempotency key belongs to another command.
            BatchRefusedError: A step of an atomic batch is refused, so none is carried out.
            QueueFullError: Too many commands are waiting already.
            StoppingError: The handler is closing.
            DatabaseUnreachableError: PostgreSQL is away; nothing was recorded.
            OutcomeUnknownError: PostgreSQL went away at the commit and has not come back.
        """
        if self._closing:
            raise StoppingError
        if self.waiting >= self._queue_limit:
            raise QueueFullError(self.waiting)
        outcome: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._lines.join(Waiting(Request(context=context, command=command), outcome))
        self._news.set()
        return await outcome

    async def run(self) -> None:
        """Carry out one group after another until closed and nothing is waiting."""
        try:
            async with asyncio.TaskGroup() as groups:
                while self._lines or not self._closing:
                    self._news.clear()
                    if self._groups == GROUPS or not self._lines.is_somebodys_turn:
                        await self._news.wait()
                    elif group := self._lines.gather(GROUP_LIMIT):
                        self._groups += 1
                        groups.create_task(self._carry_out(group))
        finally:
            # However it ends, nobody is left waiting for an answer that cannot come.
            self._closing = True
            everybody = self._lines.leave()
            _settle(everybody, [StoppingError()] * len(everybody))

    def close(self) -> None:
        """Let `run` end once everything that waits is done."""
        self._closing = True
        self._news.set()

    async def _carry_out(self, group: Sequence[Waiting]) -> None:
        outcomes: list[Outcome] = [OutcomeUnknownError()] * len(group)
        try:
            outcomes = await self._persistence.carry_out([waiting.request for waiting in group])
        finally:
            self._groups -= 1
            self._lines.done(group)
            self._news.set()
            _settle(group, outcomes)
        if any(isinstance(outcome, Receipt) and outcome.changed for outcome in outcomes):
            self._committed()


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
        committed: Called after each commit of events, so that followers can be told.
    """
    persistence = Persistence(pool, project)
    handler = CommandHandler(persistence, queue_limit=queue_limit, committed=committed)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(handler.run(), name="command-handler")
        try:
            yield handler
        finally:
            handler.close()


def _settle(group: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
    for waiting, outcome in zip(group, outcomes, strict=True):
        if waiting.outcome.done():
            continue
        if isinstance(outcome, Receipt):
            waiting.outcome.set_result(outcome)
        else:
            waiting.outcome.set_exception(outcome)
