"""Going no faster than asked."""

import asyncio
import time
from dataclasses import dataclass


@dataclass(slots=True)
class Throttle:
    """Spreads work over time.

    Attributes:
        rate: Events a second; None for as fast as can be.
    """

    rate: float | None = None
    _free_at: float = 0.0

    async def spend(self, events: int) -> None:
        """Wait for as long as so many events are to take, beginning with the last call's end."""
        if self.rate is None:
            return
        self._free_at = max(self._free_at, time.monotonic()) + events / self.rate
        await asyncio.sleep(self._free_at - time.monotonic())
