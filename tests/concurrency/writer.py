"""One writer process of the concurrency test: many commands in flight, every answer noted.

Run as `python -m tests.concurrency.writer URL SECONDS NOTES [--cold] [--without-barrier]`.
"""

import asyncio
import json
import random
import sys
import time
from pathlib import Path

from commands.context import CommandContext
from commands.errors import CommandError, KeyReusedError
from commands.handler import CommandHandler, open_handler
from commands.receipt import Receipt
from commands.tasks import CompleteTask, CreateTask, EditTask, ReopenTask, TaskCommand
from events import barrier
from events.announcer import open_announcer
from events.bell import Bell
from events.database import Connection, open_pool
from events.ids import new_id
from projections.inline import project
from tests.people import asking

IN_FLIGHT = 12
HOT_USER = "hot"
COLD_USERS = [f"user-{n}" for n in range(200)]
HOT = 0.3
"""The share of commands for the hot user, whose lock puts the groups of all processes in a row;
cold processes leave that user alone, so that theirs commit beside each other."""
RETRIED = 0.1
"""The share of commands that are sent a second time under their key, as after a lost answer."""


def invented() -> TaskCommand:
    """A command about one of a user's first tasks, often one that others are at as well."""
    task_id = random.randint(1, 5)
    return random.choice(
        [
            CreateTask(title="A task"),
            EditTask(task_id=task_id, title=f"Title {random.random()}"),
            CompleteTask(task_id=task_id),
            ReopenTask(task_id=task_id),
        ]
    )


async def client(handler: CommandHandler, until: float, notes: list[dict[str, object]]) -> None:
    """Send one command after another; note what was acknowledged."""
    while time.monotonic() < until:
        hot = "--cold" not in sys.argv and random.random() < HOT
        user_id = HOT_USER if hot else random.choice(COLD_USERS)
        context, command = asking(user_id, key=new_id()), invented()
        times = 2 if random.random() < RETRIED else 1
        outcomes = await asyncio.gather(
            *(handler.handle(context, command) for _ in range(times)), return_exceptions=True
        )
        notes.extend(noted(context, outcome) for outcome in outcomes)


def noted(context: CommandContext, outcome: Receipt | BaseException) -> dict[str, object]:
    """What a client remembers of an answer; only refusals may stand in for a receipt."""
    match outcome:
        case Receipt():
            return {
                "user_id": context.user_id,
                "request_id": context.request_id,
                "task_id": outcome.task_id,
                "version": outcome.version,
                "sequence": outcome.sequence,
                "changed": outcome.changed,
                "replayed": outcome.replayed,
            }
        case CommandError() if not isinstance(outcome, KeyReusedError):
            return {"refused": type(outcome).__name__}
        case _:
            raise outcome


async def no_barrier(connection: Connection) -> None:
    """Stand in for the barrier, to show what it is there for."""
    del connection


async def main(url: str, seconds: float) -> list[dict[str, object]]:
    """Write for some seconds; give what was noted."""
    notes: list[dict[str, object]] = []
    async with (
        open_pool(url, size=3) as pool,
        open_announcer(pool, Bell()) as announcer,
        open_handler(pool, project, queue_limit=1_000, committed=announcer.committed) as handler,
        asyncio.TaskGroup() as clients,
    ):
        until = time.monotonic() + seconds
        for _ in range(IN_FLIGHT):
            clients.create_task(client(handler, until, notes))
    return notes


if __name__ == "__main__":
    if "--without-barrier" in sys.argv:
        barrier.enter = no_barrier
    taken = asyncio.run(main(sys.argv[1], float(sys.argv[2])))
    Path(sys.argv[3]).write_text("\n".join(map(json.dumps, taken)))
