"""How an exception is logged: where it happened, and its words only when debugging."""

import sys
import traceback
from collections.abc import Iterator
from typing import cast

from structlog.typing import EventDict, WrappedLogger


def whole(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an event's exception by its whole traceback."""
    error = _taken(event)
    if error is not None:
        event["exception"] = "".join(traceback.format_exception(error))
    return event


def skeleton(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace an event's exception by its class and places; its words may quote a task."""
    error = _taken(event)
    if error is not None:
        event["exception"] = "\n".join(_bones(error))
    return event


def _taken(event: EventDict) -> BaseException | None:
    match event.pop("exc_info", None):
        case BaseException() as error:
            return error
        case (_, BaseException() as error, _):
            return error
        case given:
            return sys.exception() if given else None


def _bones(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _bones(cause)
    yield type(error).__qualname__
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    if isinstance(error, BaseExceptionGroup):
        for part in cast("BaseExceptionGroup[BaseException]", error).exceptions:
            yield from _bones(part)
