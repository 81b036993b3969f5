"""How far long work has come: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import override

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from api.cli.say import say

LINE_EVERY = 10.0
"""Seconds between two plain lines."""

type Advance = Callable[[int], None]
"""Tells that so many more are done."""


@contextmanager
def progress(doing: str, unit: str, total: int) -> Generator[Advance]:
    """Show on stderr how far work has come, how fast it goes and how long it will take.

    Args:
        doing: What is being done, such as "Verifying".
        unit: What is counted, such as "events".
        total: How many there are, as far as is known.
    """
    if sys.stderr.isatty():
        with _bar(doing, unit, total) as advance:
            yield advance
    else:
        yield _Lines(doing, unit, total)


@contextmanager
def _bar(doing: str, unit: str, total: int) -> Generator[Advance]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        _RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda count: bar.advance(task, count)


class _RateColumn(ProgressColumn):
    """How many a second."""

    @override
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f}/s")


class _Lines:
    """Says in a line how far it is, at most once in a while."""

    def __init__(self, doing: str, unit: str, total: int) -> None:
        self._doing = doing
        self._unit = unit
        self._total = total
        self._done = 0
        self._began = self._said = time.monotonic()

    def __call__(self, count: int) -> None:
        """Count, and say so when it is time."""
        self._done += count
        now = time.monotonic()
        if now - self._said >= LINE_EVERY:
            self._said = now
            self._say(self._done / (now - self._began))

    def _say(self, rate: float) -> None:
        left = max(0, self._total - self._done) / rate if rate else 0
        say(
            f"{self._doing}: {self._done:,} of {self._total:,} {self._unit}, "
            f"{rate:,.0f}/s, {left:,.0f} s left"
        )
