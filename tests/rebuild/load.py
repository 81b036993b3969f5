"""A process that writes or reads tasks, as the product does, until its standard input is closed.

Run as `python -m tests.rebuild.load (write|read) URL`; it prints one line of JSON at the end.
"""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from api.http.reading import read
from commands.errors import RefusalError
from commands.handler import open_handler
from commands.tasks import CompleteTask, CreateTask, EditTask, ReopenTask, TaskCommand
from events.database import Pool, open_pool
from projections.inline import project
from projections.queries.tasks import list_tasks
from tests.people import asking

IN_FLIGHT = 8
PACE = 0.01
"""Seconds a client thinks between two requests, so that there is load and not only queues."""

USERS = [f"user-{number:07}" for number in range(300)]
"""Some of those whose logs were long before."""


@dataclass(slots=True)
class Report:
    """What became of the requests of a process."""

    done: int = 0
    failed: Counter[str] = field(default_factory=Counter[str])
    slowest: float = 0.0

    async def measure(self, request: Callable[[], Awaitable[object]]) -> None:
        """Make a request; note how long it took, or why it failed."""
        began = time.monotonic()
        try:
            await request()
            self.done += 1
        except RefusalError:
            self.done += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be reported
            self.failed[type(error).__name__] += 1
        self.slowest = max(self.slowest, time.monotonic() - began)
        await asyncio.sleep(PACE)


def invented() -> TaskCommand:
    """A command about one of a user's first tasks."""
    task_id = random.randint(1, 5)
    return random.choice(
        [
            CreateTask(title="Another"),
            EditTask(task_id=task_id, title=f"Title {random.random()}"),
            CompleteTask(task_id=task_id),
            ReopenTask(task_id=task_id),
        ]
    )


async def write(pool: Pool, report: Report, ended: asyncio.Event) -> None:
    """Change tasks."""
    async with open_handler(pool, project, queue_limit=1_000) as handler:

        async def client() -> None:
            while not ended.is_set():
                context = asking(random.choice(USERS))
                await report.measure(partial(handler.handle, context, invented()))

        await _all(client)


async def look(pool: Pool, report: Report, ended: asyncio.Event) -> None:
    """List tasks."""

    async def client() -> None:
        while not ended.is_set():
            query = partial(list_tasks, limit=50)
            await report.measure(partial(read, pool, random.choice(USERS), query))

    await _all(client)


async def _all(client: Callable[[], Awaitable[None]]) -> None:
    await asyncio.gather(*(client() for _ in range(IN_FLIGHT)))


async def main(kind: str, url: str) -> Report:
    """Load the database until standard input ends."""
    report, ended = Report(), asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    async with open_pool(url, size=3) as pool:
        print("ready", flush=True)  # noqa: T201 - read by whoever has started this
        await (write if kind == "write" else look)(pool, report, ended)
    return report


if __name__ == "__main__":
    told = asyncio.run(main(sys.argv[1], sys.argv[2]))
    print(  # noqa: T201 - the report
        json.dumps({"done": told.done, "failed": told.failed, "slowest": told.slowest})
    )
