"""What each field of a task may hold when a client sends it."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

from api.http.due import EXAMPLE, due
from api.http.tags import TAG_LIMIT, TAGS_LIMIT, normal_tag, normal_tags
from events.tasks import Priority as Level

TITLE_LIMIT = 200
DESCRIPTION_LIMIT = 10_000
ORDER_LIMIT = 1e15
"""Beyond it neighbouring numbers are no longer fractions apart, and ordering between two fails."""

_C = r"\u0000-\u001f\u007f-\u009f"
_C_IN_TEXT = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
"""Control characters, in a spelling that the OpenAPI document can show too."""

_A_LINE = f"^[^{_C}]*[^{_C}\\s\\u00ad][^{_C}]*$"
_CONTROL = re.compile(f"[{_C}]")
_CONTROL_IN_TEXT = re.compile(f"[{_C_IN_TEXT}]")
_INVISIBLE = frozenset({"Cf", "Zl", "Zp", "Zs"})


@dataclass(frozen=True, slots=True)
class Shown:
    """Something for the OpenAPI document alone: what is refused is told in our own words."""

    value: str
    keyword: str = "pattern"

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add it."""
        return {**handler(core), self.keyword: self.value}


def _line(value: str) -> str:
    if found := _CONTROL.search(value):
        raise _control_character(found[0])
    if all(unicodedata.category(character) in _INVISIBLE for character in value):
        raise _invisible()
    return value


def _text(value: str) -> str:
    if found := _CONTROL_IN_TEXT.search(value):
        raise _control_character(found[0])
    return value


def _tag(value: str) -> str:
    tag = normal_tag(value)
    if len(tag) > TAG_LIMIT:
        raise _too_long()
    return tag


def _one_zero(value: float) -> float:
    # JSON in PostgreSQL knows no -0.0, so an answer from history would differ from the first.
    return value + 0.0


def _control_character(character: str) -> PydanticCustomError:
    code = f"U+{ord(character):04X}"
    return PydanticCustomError(
        "control_character", "This holds the control character {code}.", {"code": code}
    )


def _too_long() -> PydanticKnownError:
    """Say so of a tag whose small letters are more than its capitals were."""
    return PydanticKnownError("string_too_long", {"max_length": TAG_LIMIT})


def _invisible() -> PydanticCustomError:
    return PydanticCustomError("invisible", "This must have a visible character.")


Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LIMIT),
    AfterValidator(_line),
    Shown(_A_LINE),
    Field(
        description="One line of 1 to 200 characters; white space around it is dropped.",
        examples=["Water the plants"],
    ),
]
Description = Annotated[
    str,
    StringConstraints(max_length=DESCRIPTION_LIMIT),
    AfterValidator(_text),
    Shown(f"^[^{_C_IN_TEXT}]*$"),
    Field(
        description="Up to 10,000 characters; line breaks and tabs are fine.",
        examples=["The one on the balcony too."],
    ),
]
Order = Annotated[
    float,
    Field(
        ge=-ORDER_LIMIT,
        le=ORDER_LIMIT,
        allow_inf_nan=False,
        description="Where the client sorts the task among the others; the task's id by default.",
        examples=[2.5],
    ),
    AfterValidator(_one_zero),
]
Priority = Annotated[
    Level,
    # JSON has no values of ours, so a text must do.
    Field(strict=False, description="How much the task matters.", examples=["high"]),
]
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=TAG_LIMIT),
    AfterValidator(_line),
    AfterValidator(_tag),
    Shown(_A_LINE),
    Field(description="1 to 50 characters on one line; kept in small letters."),
]
Tags = Annotated[
    list[Tag],
    Field(
        max_length=TAGS_LIMIT,
        description="Up to 20 tags, a set: neither order nor repetition matters.",
        examples=[["home", "plants"]],
    ),
    AfterValidator(normal_tags),
]
Due = Annotated[
    str,
    AfterValidator(due),
    Shown("date-or-rfc9557", keyword="format"),
    Field(
        description="A date such as 2026-12-24, which stays a date everywhere, or a date-time with "
        "its IANA zone in brackets (RFC 9557); the offset may be left out where it is clear.",
        examples=["2026-12-24", EXAMPLE],
    ),
]
