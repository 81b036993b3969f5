"""When a task is due, as clients write it: a date, or a date-time with its zone (RFC 9557)."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError

EXAMPLE = "2026-12-24T17:00:00+01:00[Europe/Vienna]"
EARLIEST, LATEST = 1970, 9000
"""Years; beyond them zones say nothing, or clients cannot count."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"(?P<local>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:(?<=:\d\d:\d\d)\.\d{1,9})?"
    r"(?P<offset>Z|[+-]\d\d:\d\d(?::\d\d)?)?(?:\[(?P<zone>[\w./+-]{1,64})\])?",
    re.ASCII,
)


class Fault(Enum):
    """What is wrong with what a client sent."""

    FORM = "This must be a date, or a date-time such as {example}."
    NO_ZONE = "A time must name its zone, as in {example}."
    UNKNOWN_ZONE = "This must name a zone of the IANA database, as in {example}."
    NEVER = "This time does not come in its zone: clocks are put forward over it."
    OTHER_OFFSET = "The offset is not the one of the zone at that time."
    TWICE = "This time comes twice in its zone: say which with an offset."
    NO_DAY = "This is no day or time of the calendar."
    OUT_OF_RANGE = "This must be in the years 1970 to 9000."


def due(value: str) -> str:
    """Bring what a client sent into the one form that is kept, without fractions of a second.

    Raises:
        PydanticCustomError: It is no date, and no time that comes once in a zone that is known.
    """
    if _DATE.fullmatch(value):
        return str(_in_range(_read(date.fromisoformat, value)))
    found = _MOMENT.fullmatch(value)
    if found is None:
        raise _fault(Fault.FORM)
    zone = _zone(found["zone"])
    local = _in_range(_read(datetime.fromisoformat, found["local"]))
    moment = _moment(local, found["offset"], zone)
    # With an offset of its own, as the zone's rules may change after this.
    fixed = moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))
    return f"{fixed.isoformat()}[{zone.key}]"


def _zone(name: str | None) -> ZoneInfo:
    if name is None:
        raise _fault(Fault.NO_ZONE)
    if name not in _zones():
        raise _fault(Fault.UNKNOWN_ZONE)
    return ZoneInfo(name)


def _moment(local: datetime, offset: str | None, zone: ZoneInfo) -> datetime:
    if offset == "Z":
        return local.replace(tzinfo=UTC).astimezone(zone)
    either = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    real = [each for each in either if _is_real(each, zone)]
    if not real:
        raise _fault(Fault.NEVER)
    if offset is not None:
        wanted = datetime.fromisoformat(f"{local.isoformat()}{offset}").utcoffset()
        real = [each for each in real if each.utcoffset() == wanted]
        if not real:
            raise _fault(Fault.OTHER_OFFSET)
    elif len({each.utcoffset() for each in real}) > 1:
        raise _fault(Fault.TWICE)
    return real[0]


def _is_real(moment: datetime, zone: ZoneInfo) -> bool:
    there_and_back = moment.astimezone(UTC).astimezone(zone)
    return there_and_back.replace(tzinfo=None) == moment.replace(tzinfo=None)


def _read[T](read: Callable[[str], T], value: str) -> T:
    try:
        return read(value)
    except ValueError as error:
        raise _fault(Fault.NO_DAY) from error


def _in_range[T: date](value: T) -> T:
    if not EARLIEST <= value.year <= LATEST:
        raise _fault(Fault.OUT_OF_RANGE)
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _fault(fault: Fault) -> PydanticCustomError:
    return PydanticCustomError("due", fault.value, {"example": EXAMPLE})
