"""Waiting in small steps, with a word to the user now and then."""

import time
from collections.abc import Callable

_FIRST_WORD = 2.0
_BETWEEN_WORDS = 5.0
_SHORTEST_STEP = 0.01
_LONGEST_STEP = 0.2


class Patience:
    """How long each reason to wait has lasted, and when the user last heard of it."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._reason = ""
        self._since = 0.0
        self._next_word = 0.0

    def wait(self, reason: str) -> float:
        """Sleep a step for this reason and say how many seconds it has lasted without a break."""
        now = time.monotonic()
        if reason != self._reason:
            self._reason, self._since, self._next_word = reason, now, now + _FIRST_WORD
        waited = now - self._since
        if now >= self._next_word:
            self._report(f"{reason}, {waited:.0f} s so far")
            self._next_word = now + _BETWEEN_WORDS
        time.sleep(min(_LONGEST_STEP, _SHORTEST_STEP + waited / 10))
        return waited


def wait_until(condition: Callable[[], bool], deadline: float) -> bool:
    """Poll a condition until it holds or the monotonic clock passes the deadline."""
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_SHORTEST_STEP)
    return True
