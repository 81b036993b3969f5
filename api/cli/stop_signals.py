"""What SIGTERM and SIGINT do: end the start, or drain what serves once it runs."""

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

LONGEST_END = 4.8
"""Seconds after the last signal until the kernel ends the process (SIGALRM), even if something
hangs, a frozen PostgreSQL say: what it held is free then, as after any crash."""


type End = Callable[[int, FrameType | None], object]
"""Has what runs come to its end, and returns at once; given what handlers of signals are given."""


class StopRequested(KeyboardInterrupt):
    """Somebody wants this process to end while there is nothing yet to drain.

    A kind of KeyboardInterrupt, because libraries that wait know what to clean up on that.
    """


class StopSignals:
    """Turns the first signal into the end of whatever goes on at that time."""

    def __init__(self) -> None:
        self._end: End | None = None
        self._unwinding = False

    def hand_over(self, end: End) -> None:
        """From now on, let signals bring what runs to its end this way."""
        self._end = end

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal; whatever hangs then, the process ends in time."""
        signal.setitimer(signal.ITIMER_REAL, LONGEST_END)
        if self._end is not None:
            self._end(number, frame)
        elif not self._unwinding:
            # Only once: what is being cleaned up after the first must not be interrupted.
            self._unwinding = True
            raise StopRequested


@contextmanager
def stop_signals() -> Generator[StopSignals]:
    """Handle SIGTERM and SIGINT inside; a request to stop ends the block without an error."""
    signals = StopSignals()
    taken = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    previous = [signal.signal(number, signals.receive) for number in taken]
    try:
        yield signals
    except StopRequested:
        return
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in zip(taken, previous, strict=True):
            signal.signal(number, handler)
