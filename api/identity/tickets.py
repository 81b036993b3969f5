"""Tickets: a token in short, for browsers, whose EventSource can send no header.

What a ticket is for stands in the database, so that any process redeems it and only one does. It
is kept as a hash, and signed, so that made-up ones are refused without a look.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import LiteralString

import psycopg
import structlog
from psycopg.rows import tuple_row
from structlog.typing import FilteringBoundLogger

from api.identity import reasons
from api.identity.claims import Claims
from api.identity.errors import TokenRejectedError
from api.identity.identity import Identity
from api.identity.limits import TICKET_LIMIT
from api.signed_text import sealed, unsealed
from events import clock
from events.background import background
from events.batches import in_batches
from events.binding import UserReader, bind
from events.database import Pool
from events.statements import statement

LIFETIME = timedelta(seconds=30)
"""How long a ticket may be redeemed: the time between two requests of the same page."""

SWEEP_INTERVAL = timedelta(minutes=1)
SWEEP_BATCH = 1_000

_NONCE = 16
_PURPOSE = ("ticket",)

_KEEP = statement("api.identity", "keep_ticket")
_FIND = statement("api.identity", "find_ticket")
_REDEEM = statement("api.identity", "redeem_ticket")
_SWEEP = statement("api.identity", "sweep_tickets")
_FORGET = statement("api.identity", "forget_tickets")

_log: FilteringBoundLogger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket as its buyer gets it, and until when it can be redeemed."""

    text: str
    expires_at: datetime


class Tickets:
    """Issues tickets for what a token has claimed, and redeems each of them once."""

    def __init__(self, pool: Pool, key: bytes) -> None:
        self._pool = pool
        self._key = key

    async def issue(self, claims: Claims) -> Ticket:
        """Make a ticket; who redeems it stands for the same person, and no longer."""
        user_id = claims.identity.user_id
        text = self._write(user_id)
        believed_until = datetime.fromtimestamp(claims.believed_until, UTC)
        expires_at = min(clock.now() + LIFETIME, believed_until)
        kept = {
            "user_id": user_id,
            "hash": _hash(text),
            "believed_until": believed_until,
            "expires_at": expires_at,
        }
        async with self._pool.connection() as connection, connection.transaction():
            bound = await bind(connection, [user_id])
            await bound.execute(_KEEP, kept)
        return Ticket(text=text, expires_at=expires_at)

    async def look(self, text: str) -> Claims:
        """Give what the token of a ticket claimed, without the roles; the ticket stays good.

        Raises:
            TokenRejectedError: It was made up, redeemed before, or is too old.
        """
        return await self._claims(_FIND, text)

    async def redeem(self, text: str) -> None:
        """Take a ticket, so that nobody else can.

        Raises:
            TokenRejectedError: It was made up, redeemed before, or is too old.
        """
        await self._claims(_REDEEM, text)

    async def _claims(self, query: LiteralString, text: str) -> Claims:
        user_id = self._read(text)
        asked = {"hash": _hash(text), "now": clock.now()}
        async with self._pool.connection() as connection:
            found = await UserReader(connection, user_id).rows(query, asked, tuple_row)
        match found:
            case [(datetime() as believed_until,)]:
                identity = Identity(user_id=user_id)
                return Claims(identity=identity, believed_until=believed_until.timestamp())
            case _:
                raise TokenRejectedError(reasons.TICKET)

    async def sweep(self, before: datetime) -> int:
        """Forget tickets that ended before an instant, batch by batch; give how many they were."""
        async with self._pool.connection() as connection:
            return await in_batches(connection, _SWEEP, {"before": before}, size=SWEEP_BATCH)

    async def run(self) -> None:
        """Sweep now and then until cancelled; any number of processes may do it."""
        while True:
            try:
                await self.sweep(clock.now())
            except psycopg.Error as error:
                _log.warning("tickets.not_swept", error=type(error).__name__)
            await asyncio.sleep(SWEEP_INTERVAL.total_seconds())

    def _write(self, user_id: str) -> str:
        return sealed(self._key, _PURPOSE, secrets.token_bytes(_NONCE) + user_id.encode())

    def _read(self, text: str) -> str:
        inside = unsealed(self._key, _PURPOSE, text) if len(text) <= TICKET_LIMIT else None
        if inside is None:
            raise TokenRejectedError(reasons.TICKET)
        return inside[_NONCE:].decode()


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


async def forget_tickets(pool: Pool, user_id: str) -> None:
    """Take back all tickets of a user."""
    async with pool.connection() as connection:
        await connection.execute(_FORGET, {"user_id": user_id})


@asynccontextmanager
async def open_tickets(pool: Pool, key: bytes) -> AsyncGenerator[Tickets]:
    """Have tickets, those that nobody came for being swept meanwhile.

    Args:
        pool: Where they are kept.
        key: What every process on the database signs with.
    """
    tickets = Tickets(pool, key)
    async with background(tickets.run(), name="ticket-sweep"):
        yield tickets
