"""The streams that are open in this process: how many there may be, and when all of them end."""

import asyncio
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from api.http.stream_errors import StreamsFullError, TooManyStreamsError
from api.settings import Settings
from events.bell import Bell
from events.log_watch import LogWatch


class Streams:
    """Gives places to streams.

    Attributes:
        reading: Held while a stream reads, so that streams leave connections to other requests.
        stopping: Whether all of them must end now.
    """

    def __init__(self, settings: Settings, watch: LogWatch) -> None:
        self._limit = settings.stream_limit
        self._limit_of_a_user = settings.stream_limit_user
        self._watch = watch
        self._open = Counter[str]()
        self.reading = asyncio.Semaphore(max(1, settings.pool_size // 2))
        self.stopping = False

    def __len__(self) -> int:
        return self._open.total()

    @contextmanager
    def place(self, user_id: str) -> Generator[Bell]:
        """Have a place for a stream of a user; gives the bell that rings when there may be more.

        Raises:
            TooManyStreamsError: The user has as many as they may.
            StreamsFullError: So has this process, or it is stopping.
        """
        if self._open[user_id] >= self._limit_of_a_user:
            raise TooManyStreamsError(self._limit_of_a_user)
        if self.stopping or len(self) >= self._limit:
            raise StreamsFullError
        self._open[user_id] += 1
        try:
            with self._watch.follow(user_id) as bell:
                yield bell
        finally:
            self._open[user_id] -= 1
            if not self._open[user_id]:
                del self._open[user_id]

    def stop(self) -> None:
        """Have every stream say goodbye and end; no other is opened."""
        self.stopping = True
        self._watch.wake()
