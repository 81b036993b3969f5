"""What the HTTP edge logs, without what else goes on in the process."""

from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from typing import Any

from structlog import DropEvent
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from structlog.typing import EventDict, WrappedLogger

from api.log_exceptions import skeleton

type Logged = list[MutableMapping[str, Any]]


@contextmanager
def logged_requests() -> Generator[Logged]:
    """Collect the events about requests while the block runs."""
    with capture_logs(processors=[_about_requests, merge_contextvars, skeleton]) as events:
        yield events


def _about_requests(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    if not event["event"].startswith("http."):
        raise DropEvent
    return event
