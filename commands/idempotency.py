"""Receipts kept under the keys clients choose, so that a retried command is carried out once."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from hashlib import sha256

import msgspec
from psycopg import AsyncCursor
from psycopg.rows import class_row

from commands.context import CommandContext
from commands.errors import KeyReusedError
from commands.receipt import Receipt
from commands.step_outcomes import decode_outcomes
from commands.tasks import Batch, Command
from events.batches import in_batches
from events.binding import BoundConnection, UserReader
from events.database import Connection
from events.recordset import named, recordset
from events.statements import statement

SWEEP_BATCH = 1_000
"""Receipts forgotten in one transaction, so that a sweep never holds many locks."""

_FIND_RECEIPTS = statement("commands", "find_receipts")
_KEEP_RECEIPTS = statement("commands", "keep_receipts")
_SWEEP_RECEIPTS = statement("commands", "sweep_receipts")

_KEY = ("user_id", "key")

type ReceiptKey = tuple[str, str]
"""A user and the key they chose."""


class KeptReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt under its key, with the fingerprint of the command it answered."""

    user_id: str
    key: str
    fingerprint: bytes
    task_id: int
    version: int
    sequence: int
    changed: bool
    steps: str | None = None

    def answer(self, fingerprint: bytes) -> Receipt:
        """Give the first answer again.

        Raises:
            KeyReusedError: The key belongs to a different command.
        """
        if fingerprint != self.fingerprint:
            raise KeyReusedError(self.key)
        return Receipt(
            task_id=self.task_id,
            version=self.version,
            sequence=self.sequence,
            changed=self.changed,
            steps=decode_outcomes(self.steps) if self.steps else (),
            replayed=True,
        )


def fingerprint(context: CommandContext, command: Command) -> bytes:
    """Hash what is asked, and of which version, but not who carries it or when."""
    if isinstance(command, Batch):
        return _fingerprint_of_batch(context, command)
    # Without what was found for it, and without what is left at its default, so that a field added
    # later changes no fingerprint.
    said = {
        name: value
        for name, default in _said_by(type(command))
        if (value := getattr(command, name)) != default
    }
    versions = context.expected_versions
    accepted = None if versions is None else sorted(versions)
    asked = (type(command).__name__, said, accepted)
    # Only when there are some, so that receipts from before there could be any still match.
    unwanted = (sorted(context.unwanted_versions),) if context.unwanted_versions else ()
    return sha256(msgspec.json.encode((*asked, *unwanted))).digest()


@cache
def _said_by(kind: type[Command]) -> list[tuple[str, object]]:
    """Give what a kind of command says, and what it says by default."""
    return [(each.name, each.default) for each in fields(kind) if "found" not in each.metadata]


def _fingerprint_of_batch(context: CommandContext, batch: Batch) -> bytes:
    steps = [
        (fingerprint(step.within(context), step.command).hex(), step.task, step.starts, step.key)
        for step in batch.steps
    ]
    return sha256(msgspec.json.encode(("Batch", batch.atomic, steps))).digest()


async def find_receipts(
    connection: BoundConnection, keys: Iterable[ReceiptKey]
) -> AsyncCursor[KeptReceipt]:
    """Look for what some keys have brought already; the cursor gives it when fetched."""
    cursor = connection.cursor(row_factory=class_row(KeptReceipt))
    return await cursor.execute(_FIND_RECEIPTS, {"keys": named(_KEY, keys)})


async def read_receipts(reader: UserReader, keys: Sequence[str]) -> list[KeptReceipt]:
    """Give what some of a user's keys have brought already."""
    wanted = named(_KEY, ((reader.user_id, key) for key in keys))
    return await reader.rows(_FIND_RECEIPTS, {"keys": wanted}, class_row(KeptReceipt))


async def keep_receipts(
    connection: BoundConnection, receipts: Sequence[KeptReceipt], now: datetime
) -> None:
    """Keep receipts, in the transaction that appends the events they speak of."""
    await connection.execute(_KEEP_RECEIPTS, {"receipts": recordset(receipts), "created_at": now})


async def sweep_receipts(connection: Connection, before: datetime) -> int:
    """Forget the receipts kept before an instant, batch by batch; give how many they were."""
    return await in_batches(connection, _SWEEP_RECEIPTS, {"before": before}, size=SWEEP_BATCH)
