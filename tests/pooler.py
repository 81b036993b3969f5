"""What a pooler, or a network that forgets connections, is to a listener."""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

PREPARED = re.compile(rb"P.{4}_pg3_[^\0]*\0([^\0]*)", re.DOTALL)
"""How psycopg has a statement prepared: a message with its name and what it says."""


@dataclass(slots=True)
class Pooler:
    """Passes everything on, except what it is told to keep back.

    Attributes:
        url: Where to find it.
        deaf: Keep back the notifications of other connections.
        silent: Keep back whatever PostgreSQL says, as if the network had forgotten the connection.
        hush: Become silent as soon as a client says this.
        connections: How many connections there have been.
        prepared: Which statements were prepared.
        left: Set when a client has gone.
    """

    host: str
    port: str
    url: str = ""
    deaf: bool = False
    silent: bool = False
    hush: bytes | None = None
    connections: int = 0
    prepared: list[bytes] = field(default_factory=list[bytes])
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """Handle one connection of a client's."""
        self.connections += 1
        if self.host.startswith("/"):
            socket = f"{self.host}/.s.PGSQL.{self.port}"
            far, forth = await asyncio.open_unix_connection(socket)
        else:
            far, forth = await asyncio.open_connection(self.host, self.port)
        answering = asyncio.create_task(self._back(far, back))
        with contextlib.suppress(ConnectionError):
            await self._forth(near, forth)
        self.left.set()
        forth.close()
        await answering

    async def _forth(self, near: asyncio.StreamReader, forth: asyncio.StreamWriter) -> None:
        while data := await near.read(65_536):
            self.prepared += PREPARED.findall(data)
            self.silent = self.silent or (self.hush is not None and self.hush in data)
            forth.write(data)

    async def _back(self, far: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        own = b""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await far.readexactly(5)
                body = await far.readexactly(int.from_bytes(head[1:]) - 4)
                if head[:1] == b"K":
                    own = body[:4]
                foreign = head[:1] == b"A" and body[:4] != own
                if not self.silent and not (self.deaf and foreign):
                    back.write(head + body)
        back.close()


@asynccontextmanager
async def pooler(url: str) -> AsyncGenerator[Pooler]:
    """Put one before a server."""
    known = {name: str(value) for name, value in conninfo_to_dict(url).items() if value}
    between = Pooler(known["host"], known.get("port", "5432"))
    server = await asyncio.start_server(between.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    who = ":".join(quote(known[part], safe="") for part in ("user", "password") if part in known)
    # What it passes on it has to read, so nothing may be encrypted.
    between.url = (
        f"postgresql://{who}@127.0.0.1:{port}/{known['dbname']}?sslmode=disable&gssencmode=disable"
    )
    async with server:
        yield between
        server.close_clients()
