"""An issuer that publishes keys over HTTP, and can answer in every way an issuer should not."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.identity.signing import KeyPair

type Answer = Callable[[], AsyncIterator[bytes]]
"""Gives an answer in pieces, at its own pace."""


def complete(body: bytes, status: str = "200 OK", *headers: str) -> Answer:
    """An answer as it should be."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    head = "\r\n".join([*lines, "", ""]).encode()

    async def answer() -> AsyncIterator[bytes]:
        yield head + body

    return answer


def publishing(*keys: KeyPair) -> Answer:
    """The key set of an issuer that has these keys."""
    return complete(json.dumps({"keys": [key.jwk() for key in keys]}).encode())


FAILING = complete(b"", "500 Internal Server Error")


@dataclass(slots=True)
class Issuer:
    """What answers, and what it was asked."""

    answer: Answer
    port: int = 0
    asked: list[str] = field(default_factory=list[str])
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it runs."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def jwks_url(self) -> str:
        """Where a Better Auth publishes its keys."""
        return f"{self.url}/api/auth/jwks"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await reader.readuntil(b"\r\n\r\n")
            self.asked.append(request.split(b" ")[1].decode())
            try:
                async for piece in self.answer():
                    writer.write(piece)
                    await writer.drain()
            except ConnectionError:
                self.hung_up.set()
            await writer.drain()
        writer.close()


@asynccontextmanager
async def issuing(answer: Answer, port: int = 0) -> AsyncGenerator[Issuer]:
    """Run an issuer, on a port of its own or one that is known to be free."""
    issuer = Issuer(answer)
    server = await asyncio.start_server(issuer.serve, "127.0.0.1", port)
    issuer.port = server.sockets[0].getsockname()[1]
    async with server:
        yield issuer
        server.close_clients()
