"""One user's events, live: a cursor of its own in the log, woken when there is something after it.

Nothing is queued for a stream. It reads a page, sends it, and reads on when the page has been
taken; so whoever reads slowly costs a page and what the connection holds, however much happens.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import psycopg

from api.http.log_place import MARK, read_place
from api.http.reading import read
from api.http.state import AppState
from api.http.stream_frames import HEARTBEAT, End, ended, happened, reset, started
from api.identity.claims import Claims
from events import clock
from events.bell import Bell, heard
from projections.errors import NotFilledError
from projections.queries.changes import NO_MARK, LogPlace, read_log_place
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
        chain: The chain value there, by which the log is known.
        ends_at: When it ends by itself, as the event loop tells the time.
        end: Why, then.
    """

    state: AppState
    user_id: str
    bell: Bell
    ends_at: float
    end: End
    after: int = 0
    chain: bytes = NO_MARK

    async def begin(self, known: str | None) -> bytes:
        """Find the place after which to begin: that of an id, or without one the present end.

        Raises:
            psycopg.OperationalError: The database does not answer.
        """
        asked = (0, None) if known is None else read_place(known)
        place = await self._place(0 if asked is None else asked[0])
        if known is None:
            self.after, self.chain = place.head, place.head_chain
            return started(self.after, self.chain)
        if asked is None or not _is_there(place, asked[1]):
            return self._reset(place)
        self.after, self.chain = asked[0], place.chain or NO_MARK
        return started(self.after, self.chain)

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
        place = await self._place(self.after)
        # At a head whose event was tampered with, telling of it once is enough.
        is_told = (place.head, place.head_chain) == (self.after, self.chain)
        if place.chain != self.chain and not is_told:
            # The log is not the one it was: restored to an earlier day, for instance.
            return self._reset(place)
        events = await self._page() if place.head > self.after else []
        if not events:
            return None
        self.after, self.chain = events[-1].sequence, events[-1].chain
        return happened(events)

    def _reset(self, place: LogPlace) -> bytes:
        self.after, self.chain = place.head, place.head_chain
        return reset(self.after, self.chain)

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

    async def _place(self, sequence: int) -> LogPlace:
        async with self.state["streams"].reading:
            return await read(
                self.state["pool"],
                self.user_id,
                lambda reader: read_log_place(reader, sequence),
            )

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


def _is_there(place: LogPlace, mark: bytes | None) -> bool:
    return place.chain is not None and mark in {None, place.chain[:MARK]}
