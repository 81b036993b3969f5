"""Comparing rows: those of a table with those a fold of history gives. Pure.

What differs is told by key and column, never by value, so nobody's words are copied anywhere.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import blake2b
from itertools import islice

import msgspec

from projections.fold import Rows
from projections.projection import Key, Projection, Row

SHOWN = 20
"""Differences of one part of the work that are told one by one."""

_MODULUS = 2**64


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One row that is not as it should be.

    Attributes:
        key: Its primary key, by column.
        columns: The columns that differ; empty when the row as a whole is missing or too much.
        what: `missing`, `unexpected`, or `different`.
    """

    key: dict[str, str | int]
    columns: list[str]
    what: str


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a set of rows holds, in two numbers that do not depend on their order."""

    rows: int = 0
    hash: int = 0

    def __add__(self, other: "Content") -> "Content":
        """Give the content of both."""
        return Content(rows=self.rows + other.rows, hash=(self.hash + other.hash) % _MODULUS)


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """A table, or a part of it, held against what history says of it.

    Attributes:
        expected: What a fold of history gives.
        found: What the table holds.
        differences: How many rows differ.
        shown: The first of them.
    """

    expected: Content = Content()
    found: Content = Content()
    differences: int = 0
    shown: list[Difference] = []

    def __add__(self, other: "Comparison") -> "Comparison":
        """Put two parts together."""
        return Comparison(
            expected=self.expected + other.expected,
            found=self.found + other.found,
            differences=self.differences + other.differences,
            shown=[*self.shown, *other.shown],
        )


def compare[R: Row](projection: Projection[R], expected: Rows[R], found: Rows[R]) -> Comparison:
    """Hold the rows of a table against those of a fold, both by primary key."""
    wanted = content(expected.values())
    if expected == found:
        return Comparison(expected=wanted, found=wanted)
    keys = [key for key in expected | found if expected.get(key) != found.get(key)]
    differences = (_difference(projection, key, expected.get(key), found.get(key)) for key in keys)
    return Comparison(
        expected=wanted,
        found=content(found.values()),
        differences=len(keys),
        shown=list(islice(differences, SHOWN)),
    )


def content(rows: Iterable[Row]) -> Content:
    """Count rows and hash what they hold: the sum of a hash of each, so that parts add up."""
    count = total = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last one is the count
        digest = blake2b(msgspec.json.encode(msgspec.structs.astuple(row)), digest_size=8)
        total += int.from_bytes(digest.digest())
    return Content(rows=count, hash=total % _MODULUS)


def _difference[R: Row](
    projection: Projection[R], key: Key, expected: R | None, found: R | None
) -> Difference:
    if expected is None or found is None:
        what, columns = ("missing" if found is None else "unexpected"), list[str]()
    else:
        what, columns = "different", list(_differing(projection, expected, found))
    named = {name: _plain(value) for name, value in zip(projection.primary_key, key, strict=True)}
    return Difference(key=named, columns=columns, what=what)


def _differing[R: Row](projection: Projection[R], one: R, other: R) -> Iterator[str]:
    return (name for name in projection.columns if getattr(one, name) != getattr(other, name))


def _plain(value: str | int | date) -> str | int:
    return value.isoformat() if isinstance(value, date) else value
