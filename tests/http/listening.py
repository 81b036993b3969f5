"""A client of live streams, over real sockets."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

STREAM = "/api/events/stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one block of a stream says; a comment alone has neither id nor event."""

    event: str = ""
    id: str = ""
    data: str = ""
    retry: str = ""

    @property
    def sequence(self) -> int:
        """The sequence that the id begins with."""
        return int(self.id.partition("-")[0])

    @property
    def said(self) -> Any:  # noqa: ANN401 - JSON is what it is
        """The data, read."""
        return json.loads(self.data)


@dataclass(slots=True)
class Listening:
    """A stream that is being read, message by message."""

    answer: httpx2.Response
    _messages: AsyncGenerator[Message]

    async def next(self) -> Message:
        """Wait for the next message, comments included."""
        return await anext(self._messages)

    async def until(self, event: str) -> list[Message]:
        """Read up to a message of some kind, and give all that came."""
        came: list[Message] = []
        while not came or came[-1].event != event:
            came.append(await self.next())
        return came

    async def rest(self) -> list[Message]:
        """Read to the end."""
        return [message async for message in self._messages]


def parsed(block: bytes) -> Message:
    """Read one block as EventSource does."""
    found: dict[str, str] = {}
    for line in block.decode().split("\n"):
        name, _, value = line.partition(": ")
        if name:
            found[name] = value
    return Message(**found)


async def _messages(answer: httpx2.Response) -> AsyncGenerator[Message]:
    received = b""
    async for chunk in answer.aiter_raw():
        *blocks, received = (received + chunk).split(b"\n\n")
        for block in blocks:
            yield parsed(block)
    assert not received


@asynccontextmanager
async def listening(
    client: httpx2.AsyncClient, address: str = STREAM, **headers: str
) -> AsyncGenerator[Listening]:
    """Open a stream and read it until the end of the block."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", address, headers=named, timeout=30) as answer:
        assert answer.status_code == 200, (await answer.aread()).decode()
        yield Listening(answer, _messages(answer))
