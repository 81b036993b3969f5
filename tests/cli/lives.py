"""Logs for commands of the command line to be tried on."""

from commands.handler import open_handler
from commands.tasks import CompleteTask, CreateTask
from events.database import open_pool
from projections.inline import project
from tests.people import asking


async def live(url: str, *user_ids: str) -> None:
    """Have each of some people create a task and complete it."""
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=9) as handler,
    ):
        for user_id in user_ids:
            await handler.handle(asking(user_id), CreateTask(title="Secret"))
            await handler.handle(asking(user_id), CompleteTask(task_id=1))
