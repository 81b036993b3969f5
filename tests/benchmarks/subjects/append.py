"""Our command handler in a process of its own, without HTTP and with every guarantee on.

Run as `python -m tests.benchmarks.subjects.append URL USERS`. Half of the commands create a task,
half complete it, each under an idempotency key.
"""

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from commands.handler import CommandHandler, open_handler
from commands.tasks import CompleteTask, CreateTask
from events.announcer import open_announcer
from events.bell import Bell
from events.database import open_pool
from events.ids import new_id
from projections.inline import project
from tests.benchmarks.answering import Question, Sample, answer, closed_loop, run
from tests.people import asking


class Clients:
    """People who create a task and complete it, over and over."""

    def __init__(self, handler: CommandHandler, users: int) -> None:
        self._handler = handler
        self._users = users
        self._asked = 0
        self._created: dict[int, tuple[str, int]] = {}

    async def turn(self, question: Question) -> Sample:
        """Do what is asked for."""
        return await closed_loop(
            self._one, in_flight=question["in_flight"], seconds=question["seconds"]
        )

    async def _one(self, client: int) -> None:
        if created := self._created.pop(client, None):
            user_id, task_id = created
            await self._handler.handle(asking(user_id, key=new_id()), CompleteTask(task_id=task_id))
            return
        self._asked += 1
        user_id = f"user-{self._asked % self._users:07}"
        command = CreateTask(title=f"Task {self._asked}", description="What is to be done.")
        receipt = await self._handler.handle(asking(user_id, key=new_id()), command)
        self._created[client] = (user_id, receipt.task_id)


@asynccontextmanager
async def clients(url: str, users: int) -> AsyncGenerator[Clients]:
    """Open a handler for so many people."""
    async with (
        open_pool(url, size=10) as pool,
        open_announcer(pool, Bell()) as announcer,
        open_handler(pool, project, queue_limit=1_000, committed=announcer.committed) as handler,
    ):
        yield Clients(handler, users)


async def main(url: str, users: int) -> None:
    """Answer questions until there are no more."""
    async with clients(url, users) as people:
        await answer(people.turn)


if __name__ == "__main__":
    run(main(sys.argv[1], int(sys.argv[2])))
