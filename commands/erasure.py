"""The rule of erasing a log, and what of it is the commands' to forget."""

from commands.idempotency import SWEEP_BATCH
from events.batches import in_batches
from events.database import Pool
from events.head import LogHead
from events.log_events import LogErased
from events.statements import statement

_FORGET = statement("commands", "forget_receipts")


def decide_erasure(head: LogHead) -> tuple[LogErased, ...]:
    """Have a log say that it was erased, unless nothing has happened since it said so. Pure."""
    said = head.erased_through + 1 if head.erased_through else 0
    return () if head.sequence == said else (LogErased(through=head.sequence),)


async def forget_receipts(pool: Pool, user_id: str) -> None:
    """Forget a user's receipts up to the last erasure of their log, batch by batch.

    That of the erasure itself stays until the sweep: a retry must not erase what came after it.
    """
    async with pool.connection() as connection:
        await in_batches(connection, _FORGET, {"user_id": user_id}, size=SWEEP_BATCH)
