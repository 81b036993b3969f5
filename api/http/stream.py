"""One user's events, live: a cursor of its own in the log, woken when there is something after it.

Nothing is queued for a stream. It reads a page, sends it, and reads on when the page has been
taken; so whoever reads slowly costs a page and what the connection holds, however much happens.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import psycopg

from api.http.reading import read
from api.http.state import AppState
from api.http.stream_frames import HEARTBEAT, End, ended, happened, reset, started
from api.http.task_number import task_number
from api.identity.claims import Claims
from events import clock
from events.bell import Bell, heard
from projections.errors import NotFilledError
from projections.queries.changes import read_head
from projections.queries.trail import EVERYTHING, Order, TrailEntry
from projections.queries.trail_pages import read_trail

PAGE = 8
"""Events read and sent at once: with the longest descriptions there are, less than a megabyte."""


@dataclass(slots=True, kw_only=True)
class Stream:
    """What one stream knows.

    Attributes:
        state: What the application has opened.
        user_id: Whose events it gives.
        bell: Rings when there may be more of them.
        after: The sequence up to which everything has been given.
        ends_at: When it ends by itself, as the event loop tells the time.
        end: Why, then.
    """

    state: AppState
    user_id: str
    bell: Bell
    ends_at: float
    end: End
    after: int = 0

    async def begin(self, known: str | None) -> bytes:
        """Find the place after which to begin: that of an id, or without one the present end.

        Raises:
            psycopg.OperationalError: The database does not answer.
        """
        head = await self._head()
        asked = head if known is None else _sequence(known)
        if asked is None or asked > head:
            self.after = head
            return reset(head)
        self.after = asked
        return started(asked)

    async def frames(self, first: bytes) -> AsyncGenerator[bytes]:
        """Give what is to be sent, piece by piece, until there is a reason to end."""
        yield first
        while (reason := self._reason_to_end()) is None:
            ring = self.bell.listen()
            try:
                frame = await self._next()
            except (psycopg.OperationalError, NotFilledError):
                reason = End.UNAVAILABLE
                break
            if frame is not None:
                yield frame
                continue
            while not await heard(ring, within=self._patience()) and self._left() > 0:
                yield HEARTBEAT
        yield ended(reason)

    async def _next(self) -> bytes | None:
        events = await self._page()
        if events:
            self.after = events[-1].sequence
            return happened(events)
        head = await self._head()
        if head < self.after:
            # The log is not the one it was: restored to an earlier day, for instance.
            self.after = head
            return reset(head)
        return None

    async def _page(self) -> list[TrailEntry]:
        async with self.state["streams"].reading:
            page = await read(
                self.state["pool"],
                self.user_id,
                lambda reader: read_trail(
                    reader, EVERYTHING, Order.OLDEST, limit=PAGE, seen=self.after
                ),
            )
        return [] if page is None else page.entries

    async def _head(self) -> int:
        async with self.state["streams"].reading:
            return await read(self.state["pool"], self.user_id, read_head)

    def _reason_to_end(self) -> End | None:
        if self.state["streams"].stopping:
            return End.STOPPING
        return self.end if self._left() <= 0 else None

    def _left(self) -> float:
        return self.ends_at - asyncio.get_running_loop().time()

    def _patience(self) -> float:
        return min(self.state["settings"].stream_heartbeat, self._left())


def stream_of(state: AppState, claims: Claims, bell: Bell) -> Stream:
    """Make a stream that lives as long as its token, and no longer than any may."""
    life = state["settings"].stream_life
    believed = claims.believed_until - clock.now().timestamp()
    return Stream(
        state=state,
        user_id=claims.identity.user_id,
        bell=bell,
        ends_at=asyncio.get_running_loop().time() + min(life, believed),
        end=End.LIFETIME if life <= believed else End.EXPIRED,
    )


def _sequence(known: str) -> int | None:
    return 0 if known == "0" else task_number(known)
