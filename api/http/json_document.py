"""Reading JSON without its traps: one meaning for every document, or none."""

import json
import re
from typing import cast

from api.http.errors import MalformedBodyError

DEPTH_LIMIT = 32
"""Arrays and objects that may stand inside each other."""

VALUE_LIMIT = 10_000
"""Values in one document. A mebibyte of empty objects, read in full, holds everybody up for 230 ms;
this many take 10."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""A string, or the rest of what claims to be one; never tried twice at the same place."""


def parse_json(body: bytes) -> object:
    """Read a JSON document (RFC 8259) in which every name occurs once and every number is one.

    Raises:
        MalformedBodyError: It is none, or nested deeper than anything asked here.
    """
    if _has_more_values_than(VALUE_LIMIT, body):
        reason = f"it holds more than {VALUE_LIMIT:,} values"
        raise MalformedBodyError(reason)
    try:
        document = _DECODER.decode(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        reason = "it is not UTF-8"
    except json.JSONDecodeError as error:
        reason = f"{error.msg.lower()} at line {error.lineno} column {error.colno}"
    except ValueError:
        reason = "a number has too many digits"
    except RecursionError:
        reason = _too_deep()
    else:
        if _deeper_than(DEPTH_LIMIT, document):
            raise MalformedBodyError(_too_deep())
        return document
    raise MalformedBodyError(reason)


def _has_more_values_than(limit: int, body: bytes) -> bool:
    # Counting what separates values is fast, and mostly enough; texts may hold such characters too.
    return _separators(body) >= limit and _separators(_STRING.sub(b"", body)) >= limit


def _separators(text: bytes) -> int:
    return sum(map(text.count, (b",", b"{", b"[")))


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        reason = "a name occurs twice in one object"
        raise MalformedBodyError(reason)
    try:
        "".join(members).encode()
    except UnicodeEncodeError as error:
        reason = "a name holds half of a surrogate pair"
        raise MalformedBodyError(reason) from error
    return members


def _constant(name: str) -> object:
    reason = f"{name} is no JSON number"
    raise MalformedBodyError(reason)


def _deeper_than(depth: int, value: object) -> bool:
    if isinstance(value, dict):
        inner = cast("dict[str, object]", value).values()
    elif isinstance(value, list):
        inner = cast("list[object]", value)
    else:
        return False
    return depth == 0 or any(_deeper_than(depth - 1, item) for item in inner)


def _too_deep() -> str:
    return f"it is nested more than {DEPTH_LIMIT} levels deep"


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
