"""uvicorn, run so that what surrounds it is told when it is ready and cleaned up when it ends."""

import asyncio
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import override

import uvicorn

from api.cli.errors import ServerStartError

DRAIN_SECONDS = 3
"""How long requests under way may take to finish; then they are cancelled."""

CLOSE_SECONDS = DRAIN_SECONDS + 0.5
"""How long draining and closing the application may take; then what is left is cancelled, so that
there is time to stop the embedded server and everything has ended within five seconds."""


class DrainedServer(uvicorn.Server):
    """A server that leaves signals to its owner."""

    def __init__(
        self,
        config: uvicorn.Config,
        ready: Callable[[], None],
        stopping: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    @override
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Take no signals: uvicorn would raise them again at its end, past all cleaning up."""
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then tell the owner."""
        await super().startup(sockets)
        if not self.should_exit:
            # Nobody may be there any more to be told.
            with suppress(OSError):
                self._ready()

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then close the application, and wait for neither longer than agreed."""
        self._stopping()
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await super().shutdown(sockets)


def run_server(server: DrainedServer, listener: socket.socket) -> None:
    """Serve on a socket until asked to end.

    Raises:
        ServerStartError: The application did not start.
    """
    try:
        server.run(sockets=[listener])
    except SystemExit as error:
        raise ServerStartError from error
