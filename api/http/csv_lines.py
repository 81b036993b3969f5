"""Events as CSV (RFC 4180), a line for each field that changed, safe to open in a spreadsheet."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from api.http.event_view import TrailEvent
from projections.task_change import Value

COLUMNS = (
    "sequence", "at", "actor", "role", "type", "task_id", "version", "field", "before", "after",
    "command", "request_id", "correlation_id", "causation_id", "address", "client", "undoes",
)  # fmt: skip

_DANGEROUS = frozenset(
    "=+-@'"
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
"""What makes a spreadsheet take a text for a formula at its beginning, and our mark against it."""

_UNSEEN = frozenset("CMZ")
"""The classes of characters that show nothing of their own: controls and formats, such as a byte
order mark or a joiner of no width; marks on the character before; white space."""

_BLANKS = frozenset(
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
    "\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}\N{BRAILLE PATTERN BLANK}"
)
"""What shows nothing either, and is taken for a letter or a symbol."""

type Cell = str | int | float | None


def csv_lines(events: Iterable[TrailEvent]) -> str:
    """Write events as CSV, the names of the columns first.

    Texts are quoted, and what could be taken for a formula has an apostrophe before it, as has a
    text that begins with one: taking the first apostrophe away gives each text as it is.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_STRINGS)
    writer.writerow(COLUMNS)
    writer.writerows(row for event in events for row in _rows(event))
    return text.getvalue()


def _rows(event: TrailEvent) -> Iterator[list[Cell]]:
    known = event.model_dump(mode="json", exclude_unset=True, exclude={"changes", "data"})
    changes = [change.model_dump() for change in event.changes]
    # An event stays in the trail even if nothing is known any more of what it changed.
    for change in changes or [{}]:
        yield [_cell({**known, **change}.get(column)) for column in COLUMNS]


def _cell(value: Value) -> Cell:
    if isinstance(value, bool | list):
        return msgspec.json.encode(value).decode()
    return _safe(value) if isinstance(value, str) else value


def _safe(text: str) -> str:
    # Some programs drop what shows nothing before a formula, or take what follows it for one.
    is_dangerous = _first_seen(text) in _DANGEROUS or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if is_dangerous else text


def _first_seen(text: str) -> str | None:
    seen = (
        character
        for character in text
        if unicodedata.category(character)[0] not in _UNSEEN and character not in _BLANKS
    )
    return next(seen, None)
