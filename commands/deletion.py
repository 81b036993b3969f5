"""Deleting very many tasks by one command, a bounded part of them in a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from commands.context import CommandContext
from commands.handler import CommandHandler
from commands.idempotency import fingerprint, read_receipts
from commands.receipt import Receipt
from commands.tasks import DeleteTasks
from events.binding import UserReader

PART = 500
"""Tasks deleted in one transaction, during which nobody else writes to the user's log."""

_LOOKED_FOR = 200
"""Parts whose receipts are looked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """How far a deletion has come: its parts, the tasks in them, and the end if it was reached."""

    parts: int = 0
    deleted: int = 0
    end: Receipt | None = None


async def find_deletion(reader: UserReader, context: CommandContext, selection: str) -> Deletion:
    """Give how far the same deletion has come under the same key.

    Raises:
        KeyReusedError: The key belongs to another command.
    """
    key, found = context.idempotency_key, Deletion()
    if key is None:
        return found
    mark = fingerprint(context, DeleteTasks(selection=selection))
    for kept in await read_receipts(reader, [key]):
        return Deletion(end=kept.answer(mark))
    while True:
        places = range(found.parts, found.parts + _LOOKED_FOR)
        parts = await read_receipts(reader, [_key_of_part(key, place) for place in places])
        counts = [part.answer(mark).version for part in parts]
        found = Deletion(parts=found.parts + len(parts), deleted=max([found.deleted, *counts]))
        if len(parts) < _LOOKED_FOR:
            return found


async def delete_tasks(
    handler: CommandHandler,
    context: CommandContext,
    selection: str,
    task_ids: Sequence[int],
    done: Deletion,
) -> Receipt:
    """Delete tasks; the receipt's version is how many they were.

    Each part is kept under a key of its own made from the caller's, with the count up to there, and
    the last one under the caller's. So after a crash in between, the same request under the same
    key goes on where it was, and in the end is told the count of all.

    Args:
        handler: Who carries the parts out.
        context: Who asks; tasks that others delete meanwhile are passed over.
        selection: What was asked for, in one spelling; the same key is good for nothing else.
        task_ids: The tasks that are found for that now.
        done: How far the work has come already.

    Raises:
        CommandError: Some part was not carried out; those before it were.
    """
    left, place, deleted = tuple(task_ids), done.parts, done.deleted
    while len(left) > PART:
        part = DeleteTasks(selection=selection, task_ids=left[:PART], before=deleted)
        receipt = await handler.handle(_of_part(context, place), part)
        place, deleted = place + 1, receipt.version
        # What another process has done under this name was not done with these.
        left = left if receipt.replayed else left[PART:]
    last = DeleteTasks(selection=selection, task_ids=left, before=deleted)
    return await handler.handle(context, last)


def _of_part(context: CommandContext, place: int) -> CommandContext:
    key = context.idempotency_key
    return context if key is None else replace(context, idempotency_key=_key_of_part(key, place))


def _key_of_part(key: str, place: int) -> str:
    # A line break, since no client's key can hold one.
    return f"{key}\n{place}"
