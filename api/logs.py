"""How everything is logged: one line an event on stderr, for people or for machines."""

import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import override

import structlog
from structlog.dev import ConsoleRenderer
from structlog.processors import JSONRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from api.log_exceptions import skeleton, whole
from api.settings import Settings

QUIET = (
    "alembic",
    "asyncio",
    "httpcore2",
    "httpx2",
    "psycopg",
    "sqlalchemy",
    "uvicorn",
    "uvicorn.error",
)
"""Libraries whose small talk is only of interest when debugging."""

SILENT = "uvicorn.access"
"""Logs paths and queries, in which people search for words of their own."""


def configure(settings: Settings) -> None:
    """Send our events and everybody else's to stderr, in the format and from the level set."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared = _shared(debug=level <= logging.DEBUG)
    renderer = _renderer(settings.log_format)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _StderrLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _adopt(level, shared, renderer)


def _shared(*, debug: bool) -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        whole if debug else skeleton,
    ]


def _renderer(log_format: str) -> Processor:
    if log_format == "console" or (log_format == "auto" and sys.stderr.isatty()):
        # Values are quoted, so that no line break in one can pass for an event.
        colors = sys.stderr.isatty() and "NO_COLOR" not in os.environ
        return ConsoleRenderer(colors=colors, repr_native_str=True)
    return JSONRenderer()


def _adopt(level: int, shared: Sequence[Processor], renderer: Processor) -> None:
    """Bring the standard library's loggers, uvicorn's among them, under the same roof."""
    handler = _StderrHandler()
    handler.setFormatter(
        ProcessorFormatter(
            processors=[_named, ProcessorFormatter.remove_processors_meta, *shared, renderer]
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(level)
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(level if level <= logging.DEBUG else max(level, logging.WARNING))
    silent = logging.getLogger(SILENT)
    silent.handlers, silent.propagate = [logging.NullHandler()], False


class _StderrLogger(structlog.WriteLogger):
    """Writes what can be written."""

    @override
    def msg(self, message: str) -> None:
        # Whoever read the log may be gone; the work it tells of goes on.
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = error = critical = exception = fatal = msg


class _StderrHandler(logging.Handler):
    """Writes to what stderr is at the time, which may be replaced after the configuration."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        # Whoever read the log may be gone; the work it tells of goes on.
        with suppress(OSError, ValueError):
            sys.stderr.write(f"{self.format(record)}\n")


def _named(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Make a foreign message a field, and its logger's dotted name the event."""
    return {**event, "event": event["_record"].name, "message": event["event"]}
