"""How long a client may take to read what is written to it: as long as it goes on reading."""

from asyncio import AbstractEventLoop, TimerHandle, WriteTransport

import structlog
from structlog.typing import FilteringBoundLogger

from api.wire import limits

_log: FilteringBoundLogger = structlog.get_logger()


class WriteClock:
    """Cuts a connection off whose reader stands still, or takes less than the slowest may."""

    def __init__(self, loop: AbstractEventLoop, transport: WriteTransport) -> None:
        self._loop = loop
        self._transport = transport
        self._timer: TimerHandle | None = None
        self._unread = 0

    @property
    def runs(self) -> bool:
        """Whether something is waiting for its reader."""
        return self._timer is not None

    def start(self) -> None:
        """Wait for the reader, from now on."""
        self.stop()
        self._unread = self._transport.get_write_buffer_size()
        self._timer = self._loop.call_later(limits.WRITE_SECONDS, self._look)

    def stop(self) -> None:
        """Wait for nothing any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        unread = self._transport.get_write_buffer_size()
        if self._unread - unread >= limits.WRITE_FLOOR * limits.WRITE_SECONDS:
            self.start()
        else:
            _log.info("http.cut_off", unread=unread)
            self._transport.abort()
