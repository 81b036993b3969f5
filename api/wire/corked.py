"""A transport that sends a head and the body that follows at once as one packet."""

import asyncio
from asyncio import BaseProtocol, Transport
from typing import Any, override


class CorkedTransport(Transport):
    """Keeps the first of what is written until the next, or until the loop has turned.

    uvicorn writes the head of an answer and its body one after the other; apart, each costs the
    system, and the client, as much as both together.
    """

    def __init__(self, transport: Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._kept = b""

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep this, or send it behind what is kept."""
        if not self._kept:
            self._kept = bytes(data)
            self._loop.call_soon(self._uncork)
            return
        kept, self._kept = self._kept, b""
        self._transport.write(kept + data)

    @override
    def write_eof(self) -> None:
        """End what is sent."""
        self._uncork()
        self._transport.write_eof()

    @override
    def close(self) -> None:
        """Close once everything is sent."""
        self._uncork()
        self._transport.close()

    @override
    def abort(self) -> None:
        """Close without sending anything more."""
        self._kept = b""
        self._transport.abort()

    @override
    def is_closing(self) -> bool:
        """Tell whether it closes or has closed."""
        return self._transport.is_closing()

    @override
    def get_write_buffer_size(self) -> int:
        """Count the bytes that are not sent yet."""
        return len(self._kept) + self._transport.get_write_buffer_size()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Tell about the connection."""
        return self._transport.get_extra_info(name, default)

    @override
    def pause_reading(self) -> None:
        """Hear nothing for now."""
        self._transport.pause_reading()

    @override
    def resume_reading(self) -> None:
        """Hear again."""
        self._transport.resume_reading()

    @override
    def set_protocol(self, protocol: BaseProtocol) -> None:
        """Have another protocol hear."""
        self._transport.set_protocol(protocol)

    def _uncork(self) -> None:
        kept, self._kept = self._kept, b""
        if kept and not self._transport.is_closing():
            self._transport.write(kept)
