"""A statement that reads a few rows of one user, by keys that an index has."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import LiteralString

_NAMED = re.compile(rb"%\((\w+)\)s")
_TEXT, _INTEGER = 25, 20
"""What PostgreSQL calls the types of values, in pg_type."""

type Value = str | int


@dataclass(frozen=True, slots=True)
class Encoded:
    """The values of a lookup as the wire has them: binary, so that no text can end early."""

    values: tuple[bytes, ...]
    types: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lookup[T]:
    """A statement, and what is made of each row.

    Attributes:
        query: The statement, with parameters by name; it finds the user under `user_id`.
        make: Takes the values of a row.
    """

    query: LiteralString | bytes
    make: Callable[..., T]
    _names: tuple[str, ...] = ()
    numbered: bytes = b""
    name: bytes = b""

    def __post_init__(self) -> None:
        """Number the parameters as the wire wants them, and name the statement after itself."""
        text = self.query.encode() if isinstance(self.query, str) else self.query
        names = tuple(dict.fromkeys(_NAMED.findall(text)))
        numbered = _NAMED.sub(lambda found: b"$%d" % (names.index(found[1]) + 1), text)
        object.__setattr__(self, "numbered", numbered)
        object.__setattr__(self, "_names", tuple(name.decode() for name in names))
        object.__setattr__(self, "name", b"lookup_" + sha256(numbered).hexdigest()[:16].encode())

    def encoded(self, asked: Mapping[str, Value]) -> Encoded:
        """Give values as the wire has them, in the order of their numbers."""
        values = [asked[name] for name in self._names]
        return Encoded(
            values=tuple(map(_encoded, values)),
            types=tuple(_TEXT if isinstance(value, str) else _INTEGER for value in values),
        )


def _encoded(value: Value) -> bytes:
    return value.encode() if isinstance(value, str) else value.to_bytes(8, "big", signed=True)
