"""Serving an application on a port of this machine, with the server that users run."""

import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import anyio
import uvicorn
from starlette.types import ASGIApp

from api.cli.drained_server import DrainedServer
from api.wire.cut_off import CutOffRequests
from api.wire.protocol import GuardedProtocol


@asynccontextmanager
async def served(
    application: ASGIApp,
    drain: int | None = None,
    stopping: Callable[[], None] = lambda: None,
) -> AsyncGenerator[tuple[str, int]]:
    """Serve the application until the end of the block; gives its host and port.

    At the end `stopping` is called; what is under way then is cut off after the seconds given.
    """
    config = uvicorn.Config(
        CutOffRequests(application),
        http=GuardedProtocol,
        lifespan="off",
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=drain,
    )
    started = anyio.Event()
    server = DrainedServer(config, ready=started.set, stopping=stopping)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listener])
            await started.wait()
            yield listener.getsockname()
            server.should_exit = True
