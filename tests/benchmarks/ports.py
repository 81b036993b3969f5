"""Ports of this machine, and waiting until somebody listens there."""

import asyncio
import socket

from tests.benchmarks.errors import SubjectFailedError

START = 60.0
"""Seconds a server may take until it listens: machines can be busy."""


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


async def listening(name: str, port: int) -> None:
    """Wait until somebody listens on a port.

    Raises:
        SubjectFailedError: Nobody did in time.
    """
    for _ in range(int(START / 0.05)):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise SubjectFailedError(name, f"nobody listens on port {port} after {START:.0f} s")
