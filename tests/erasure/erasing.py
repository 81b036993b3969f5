"""Having a person's data erased."""

from api.erasure import clear
from commands.handler import CommandHandler
from commands.receipt import Receipt
from commands.tasks import EraseLog
from events.database import Pool
from tests.people import asking


async def erase(handler: CommandHandler, pool: Pool, user_id: str) -> Receipt:
    """Erase all that a user has."""
    receipt = await handler.handle(asking(user_id), EraseLog())
    async for _ in clear(pool, user_id):
        pass
    return receipt
