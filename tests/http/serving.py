"""Serving an application on a port of this machine, with the server that users run."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import uvicorn
from starlette.types import ASGIApp

from api.cli.drained_server import DrainedServer


@asynccontextmanager
async def served(application: ASGIApp) -> AsyncGenerator[tuple[str, int]]:
    """Serve the application until the end of the block; gives its host and port."""
    config = uvicorn.Config(
        application, http="httptools", lifespan="off", log_config=None, server_header=False
    )
    started = anyio.Event()
    server = DrainedServer(config, ready=started.set)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listener])
            await started.wait()
            yield listener.getsockname()
            server.should_exit = True
