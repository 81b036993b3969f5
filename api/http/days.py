"""A range of days that a request asks for, both ends included."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from api.http.errors import FieldError, InvalidFieldsError
from events import clock

LONGEST = 366
"""Days given at once: a year of any kind."""

USUAL = 30

_NO_DATE = ("date", "This must be a date like 2026-11-22.")
_SPELLING = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A range of days."""

    first: date
    last: date


def _day(text: str) -> date:
    # Pydantic would take seconds since 1970 for a date as well.
    if _SPELLING.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise PydanticCustomError(*_NO_DATE)


Day = Annotated[date | SkipJsonSchema[None], BeforeValidator(_day)]


class DaysQuery(BaseModel):
    """From which day to which."""

    model_config = ConfigDict(extra="forbid")

    from_: Day = Field(
        default=None,
        alias="from",
        description=f"The first day; {USUAL - 1} days before the last one by default.",
    )
    to: Day = Field(default=None, description="The last day; today (UTC) by default.")


async def days(query: Annotated[DaysQuery, Query()]) -> Days:
    """Give the days a request asks for.

    Raises:
        InvalidFieldsError: They are none, or too many.
    """
    last = query.to or clock.now().date()
    first = query.from_ or date.fromordinal(max(1, last.toordinal() - USUAL + 1))
    if fault := _fault(first, last):
        raise InvalidFieldsError((FieldError(place="from", detail=fault, in_body=False),))
    return Days(first=first, last=last)


def _fault(first: date, last: date) -> str | None:
    if first > last:
        return "This must not be after the last day."
    if (last - first).days >= LONGEST:
        return f"This must be at most {LONGEST - 1} days before the last day."
    return None
