"""The entry point of `taskfold`, light so that a signal is understood from the first moment on."""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

INTERRUPTED = 130
"""What shells call a command that was ended by Control-C."""


def app() -> None:
    """Run `taskfold`."""
    # A server that is asked to end has done nothing wrong, a command that did not finish has.
    serving = sys.argv[1:2] == ["serve"] or sys.argv[1:3] == ["projections", "run"]
    with _leaving_at_once(0 if serving else INTERRUPTED):
        # The verbs bring every library along, which takes the better part of a start.
        import_module("api.cli.verbs").run()


@contextmanager
def _leaving_at_once(code: int) -> Generator[None]:
    """Leave on SIGTERM and SIGINT for as long as nothing else handles them.

    An exception would come out of the midst of some import, as a stack trace, and there is nothing
    yet that would have to be cleaned up.
    """

    def leave(_number: int, _frame: FrameType | None) -> None:
        os._exit(code)

    taken = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    previous = [signal.signal(number, leave) for number in taken]
    try:
        yield
    finally:
        for number, handler in zip(taken, previous, strict=True):
            signal.signal(number, handler)
