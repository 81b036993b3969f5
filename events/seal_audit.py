"""The logs of a database against a seal made before: what was cut off or rewritten since."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import BinaryIO

from psycopg.rows import class_row

from events.audit import Audited
from events.database import Connection, Pool
from events.finding import Finding, Kind
from events.seal import SealedHead, SealHeader, log_name, read_header, read_heads
from events.statements import statement

PAGE = 1_000
"""Logs looked up at once: bounds memory, and is enough to make the round trip cheap."""

_HEADS = statement("events", "seal_heads")
_PLACES = statement("events", "sealed_places")


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHead:
    """The head of a log, and the log's name in a seal."""

    user_id: str
    log: bytes
    sequence: int
    chain: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What stands where a log once ended (None for nothing), and where it ends now."""

    chain: bytes | None
    last: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A line of a seal, and whose log it is about; None when no such log is left."""

    head: SealedHead
    user_id: str | None


async def heads_to_seal(pool: Pool, header: SealHeader) -> AsyncGenerator[SealedHead]:
    """Give the heads of all logs of one instant, in the order of their names."""
    async with pool.connection() as connection, connection.transaction():
        async for head in _named_heads(connection, header.salt):
            yield SealedHead(log=head.log.hex(), sequence=head.sequence, chain=head.chain.hex())


async def audit_seal(
    pool: Pool, seal: BinaryIO, user_id: str | None = None, *, page: int = PAGE
) -> AsyncGenerator[Audited]:
    """Compare one user's log, or everybody's, with a seal, a page at a time.

    Raises:
        DamagedFileError: The seal is not as it was made.
    """
    async with pool.connection() as connection, connection.transaction():
        held: list[Sealed] = []
        async for sealed in _sealed_logs(connection, seal, user_id):
            held.append(sealed)
            if len(held) == page:
                yield await _compared(connection, held)
                held = []
        yield await _compared(connection, held)


async def _sealed_logs(
    connection: Connection, seal: BinaryIO, user_id: str | None
) -> AsyncGenerator[Sealed]:
    salt = read_header(seal).salt
    if user_id is not None:
        name = log_name(salt, user_id)
        for head in read_heads(seal):
            if head.log == name:
                yield Sealed(head, user_id)
        return
    # Both are read side by side, in the one order they are in.
    stored = _named_heads(connection, salt)
    here = await anext(stored, None)
    for head in read_heads(seal):
        while here is not None and here.log.hex() < head.log:
            here = await anext(stored, None)
        found = here if here is not None and here.log.hex() == head.log else None
        yield Sealed(head, found and found.user_id)


async def _named_heads(connection: Connection, salt: str) -> AsyncGenerator[NamedHead]:
    async with connection.cursor("heads", row_factory=class_row(NamedHead)) as cursor:
        cursor.itersize = PAGE
        await cursor.execute(_HEADS, {"salt": bytes.fromhex(salt)})
        async for head in cursor:
            yield head


async def _compared(connection: Connection, held: list[Sealed]) -> Audited:
    cursor = connection.cursor(row_factory=class_row(Place), binary=True)
    columns = {
        "user_ids": [sealed.user_id for sealed in held],
        "sequences": [sealed.head.sequence for sealed in held],
    }
    await cursor.execute(_PLACES, columns)
    places = await cursor.fetchall()
    found = [_compare(sealed, place) for sealed, place in zip(held, places, strict=True)]
    return Audited(events=0, logs=len(held), findings=[finding for finding in found if finding])


def _compare(sealed: Sealed, place: Place) -> Finding | None:
    head, user_id = sealed.head, sealed.user_id
    if place.chain is None:
        name = "" if user_id else f" under the name {head.log}"
        return Finding(
            user_id=user_id,
            sequence=place.last + 1,
            kind=Kind.TRUNCATED,
            detail=f"the log had {head.sequence} events when it was sealed{name}",
        )
    if place.chain.hex() != head.chain:
        return Finding(
            user_id=user_id,
            sequence=head.sequence,
            kind=Kind.REWRITTEN,
            detail="it, or an event before it, is not the one that was sealed",
        )
    return None
