"""Instants and days that clients compare with, as parameters."""

import re
from datetime import UTC, date, datetime, time

from pydantic_core import PydanticCustomError

from api.http.due import EARLIEST, LATEST

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)


def checked_instant(value: str) -> str:
    """Let an RFC 3339 instant pass as it is.

    Raises:
        PydanticCustomError: It is none.
    """
    if not _INSTANT.fullmatch(value) or not _is_real(value):
        raise _no_instant()
    return value


def checked_day_or_instant(value: str) -> str:
    """Let a date or an RFC 3339 instant pass as it is.

    Raises:
        PydanticCustomError: It is neither.
    """
    if not (_DAY.fullmatch(value) or _INSTANT.fullmatch(value)) or not _is_real(value):
        raise _no_day()
    return value


def beginning(value: str) -> datetime:
    """Give an instant, or the first one of a day in UTC."""
    return _instant(value, time.min)


def end(value: str) -> datetime:
    """Give an instant, or the last one of a day in UTC."""
    return _instant(value, time.max)


def _instant(value: str, of_day: time) -> datetime:
    if _DAY.fullmatch(value):
        return datetime.combine(date.fromisoformat(value), of_day, UTC)
    return datetime.fromisoformat(value.upper()).astimezone(UTC)


def _is_real(value: str) -> bool:
    try:
        return EARLIEST <= beginning(value).year <= LATEST
    except (ValueError, OverflowError):
        return False


def _no_instant() -> PydanticCustomError:
    return PydanticCustomError(
        "instant", "This must be an instant such as 2026-12-24T16:00:00Z, its + written as %2B."
    )


def _no_day() -> PydanticCustomError:
    return PydanticCustomError(
        "day_or_instant",
        "This must be a date, or an instant such as 2026-12-24T16:00:00Z, its + written as %2B.",
    )
