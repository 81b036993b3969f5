"""Canonical JSON (RFC 8785): one text for one value, so that a value can be hashed."""

from decimal import Decimal
from types import NoneType

import msgspec
import rfc8785

from events.errors import NotCanonicalError

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None

SAFE_INTEGER = 2**53 - 1
"""The largest integer up to which every integer is a double of its own."""

_SMALLEST_FRACTION, _LARGEST_NUMBER = 1e-4, 1e15
"""Between these, msgspec and RFC 8785 write a fraction alike, without an exponent."""

_LITERALS = frozenset({str, bool, NoneType})


def canonical(value: Json) -> bytes:
    """Write a JSON value canonically.

    Texts, and flat objects of texts, lists of texts and everyday numbers, which is what the log
    holds, take a path that gives the same bytes as the library made for RFC 8785 several times
    faster.

    Raises:
        NotCanonicalError: The value holds a number that no double is, or text that is not Unicode.
    """
    try:
        if isinstance(value, str):
            return _encoder.encode(value)
        # The encoder sorts by code point, RFC 8785 by UTF-16 unit: the same for ASCII names.
        if isinstance(value, dict) and "".join(value).isascii():
            if _LITERALS.issuperset(map(type, value.values())):
                return _encoder.encode(value)
            if all(map(_is_plain, value.values())):
                plain = {name: _plain_number(member) for name, member in value.items()}
                return _encoder.encode(plain)
        return rfc8785.dumps(_with_doubles(value))
    except (ValueError, OverflowError, RecursionError) as error:
        raise NotCanonicalError(str(error)) from error


def canonical_text(text: str | bytes) -> bytes:
    """Write a JSON text canonically.

    Raises:
        NotCanonicalError: It is no JSON, or holds a number that no double is: the canonical form
            would hide a change of its last digits.
    """
    try:
        value = _decoder.decode(text)
    except (ValueError, OverflowError, RecursionError) as error:
        raise NotCanonicalError(str(error)) from error
    return canonical(value)


def _is_plain(member: Json) -> bool:
    if type(member) in _LITERALS:
        return True
    if isinstance(member, list | tuple):
        return _LITERALS.issuperset(map(type, member))
    if not isinstance(member, int | float):
        return False
    size = abs(member)
    return size < _LARGEST_NUMBER and (size >= _SMALLEST_FRACTION or size == 0)


def _plain_number(member: Json) -> Json:
    return int(member) if isinstance(member, float) and member.is_integer() else member


def _with_doubles(value: Json) -> Json:
    """Give large integers as the doubles JSON means by them."""
    if isinstance(value, dict):
        return {name: _with_doubles(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_with_doubles(member) for member in value]
    if isinstance(value, int) and abs(value) > SAFE_INTEGER:
        return _exact(str(value))
    return value


def _exact(literal: str) -> float:
    number = float(literal)
    if Decimal(literal) != Decimal(repr(number)):
        reason = "a number has more digits than a double keeps"
        raise NotCanonicalError(reason)
    return number


_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Json] = msgspec.json.Decoder(float_hook=_exact)
