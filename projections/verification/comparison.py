"""Comparing rows: those of a table with those a fold of history gives. Pure.

What differs is told by key and column, never by value, so nobody's words are copied anywhere.
"""

from datetime import date
from hashlib import blake2b
from itertools import islice
from typing import Any

import msgspec

from events.canonical import Json, canonical
from events.errors import NotCanonicalError
from projections.fold import Rows
from projections.projection import Key, Projection, Row

SHOWN = 20
"""Differences of one part of the work that are told one by one."""

_MODULUS = 2**64

type Form = tuple[Any, ...]
"""A row as it is compared and hashed."""

type Forms = dict[Key, Form]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One row that is not as it should be.

    Attributes:
        key: The columns of its primary key, in order, and what it has there.
        columns: The columns that differ; empty when the row as a whole is missing or too much.
        what: `missing`, `unexpected`, or `different`.
    """

    key: list[tuple[str, str | int]]
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
    wanted, given = _forms(projection, expected), _forms(projection, found)
    content = _content(wanted)
    if wanted == given:
        return Comparison(expected=content, found=content)
    keys = [key for key in wanted | given if wanted.get(key) != given.get(key)]
    differences = (_difference(projection, key, wanted.get(key), given.get(key)) for key in keys)
    return Comparison(
        expected=content,
        found=_content(given),
        differences=len(keys),
        shown=list(islice(differences, SHOWN)),
    )


def _forms[R: Row](projection: Projection[R], rows: Rows[R]) -> Forms:
    """Give rows as tuples, their JSON as text: in Python alone, true is the same as 1."""
    as_text = projection.json_columns
    forms = {key: msgspec.structs.astuple(row) for key, row in rows.items()}
    if not as_text:
        return forms
    return {
        key: tuple(_text(value) if place in as_text else value for place, value in enumerate(form))
        for key, form in forms.items()
    }


def _text(value: Json) -> bytes:
    try:
        return canonical(value)
    except NotCanonicalError:
        # Nothing of ours, so it differs from all that is expected.
        return repr(value).encode()


def _content(forms: Forms) -> Content:
    """Count rows and hash what they hold: the sum of a hash of each, so that parts add up."""
    digests = (
        blake2b(msgspec.json.encode(form), digest_size=8).digest() for form in forms.values()
    )
    total = sum(int.from_bytes(digest) for digest in digests)
    return Content(rows=len(forms), hash=total % _MODULUS)


def _difference[R: Row](
    projection: Projection[R], key: Key, expected: Form | None, found: Form | None
) -> Difference:
    what, columns = "different", list[str]()
    if expected is None or found is None:
        what = "missing" if found is None else "unexpected"
    else:
        pairs = zip(projection.columns, expected, found, strict=True)
        columns = [name for name, wanted, given in pairs if wanted != given]
    named = [(name, _plain(value)) for name, value in zip(projection.primary_key, key, strict=True)]
    return Difference(key=named, columns=columns, what=what)


def _plain(value: str | int | date) -> str | int:
    return value.isoformat() if isinstance(value, date) else value
