"""A bell that rings in this process when there may be new events."""

import asyncio


class Bell:
    """Wakes everyone who waits, once each; who was not waiting has to look for themselves."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake everyone who waits now."""
        rung, self._rung = self._rung, asyncio.Event()
        rung.set()

    def listen(self) -> asyncio.Event:
        """Give what the next ring sets; to be taken before looking, so that no ring is missed."""
        return self._rung


async def heard(ring: asyncio.Event, *, within: float) -> bool:
    """Wait for a ring at most `within` seconds; False when there was none."""
    try:
        async with asyncio.timeout(within):
            await ring.wait()
    except TimeoutError:
        return False
    return True
