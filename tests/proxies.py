"""A proxy before PostgreSQL that can lose the answer to a commit."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from psycopg.conninfo import conninfo_to_dict, make_conninfo


@dataclass(slots=True)
class Proxy:
    """Passes everything on; once told to, it hangs up instead of passing on a commit's answer."""

    server: dict[str, str]
    lose_commit: bool = False
    lost: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    async def serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Handle one connection of a client's."""
        socket = f"{self.server['host']}/.s.PGSQL.{self.server.get('port', '5432')}"
        if self.server["host"].startswith("/"):
            far, forth = await asyncio.open_unix_connection(socket)
        else:
            far, forth = await asyncio.open_connection(self.server["host"], self.server["port"])
        committing = asyncio.Event()
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            async with asyncio.TaskGroup() as both:
                both.create_task(self._forth(near, forth, committing))
                both.create_task(self._back(far, back, committing))
        forth.close()
        back.close()

    async def _forth(
        self, near: asyncio.StreamReader, forth: asyncio.StreamWriter, committing: asyncio.Event
    ) -> None:
        while data := await near.read(65_536):
            if self.lose_commit and b"COMMIT" in data:
                committing.set()
            forth.write(data)
            await forth.drain()
        forth.close()

    async def _back(
        self, far: asyncio.StreamReader, back: asyncio.StreamWriter, committing: asyncio.Event
    ) -> None:
        while data := await far.read(65_536):
            if committing.is_set() and b"COMMIT\0" in data:
                self.lose_commit, self.lost = False, self.lost + 1
                break
            back.write(data)
            await back.drain()
        back.close()


@asynccontextmanager
async def proxy(url: str) -> AsyncGenerator[tuple[Proxy, str]]:
    """Put a proxy before a server; gives it, and the URL that leads through it."""
    known = {name: str(value) for name, value in conninfo_to_dict(url).items() if value}
    between = Proxy({"port": "5432", **known})
    server = await asyncio.start_server(between.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield between, make_conninfo(**{**known, "host": "127.0.0.1", "port": str(port)})
        server.close_clients()
