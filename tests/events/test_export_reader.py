"""An export is read back as it was written, or refused with the line or event that is wrong."""

import gzip
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, strategies as st

from events.errors import EventLogError
from events.export_reader import read_export
from events.lines import LONGEST_LINE
from tests.exports import closed, export_of

EXPORT = export_of("ada", "Eve", "joe ü")

type Change = Callable[[list[str]], object]


def read(document: bytes, *, page: int = 2) -> list[tuple[str, int]]:
    pages = read_export(BytesIO(document), page=page)
    return [(event.user_id, event.sequence) for read in pages for event in read.events]


def edited(change: Change) -> bytes:
    """Change the lines of the export."""
    lines = EXPORT.decode().split("\n")
    change(lines)
    return "\n".join(lines).encode()


def replaced(number: int, old: str, new: str) -> bytes:
    """Change one line of the export."""

    def replace(lines: list[str]) -> None:
        assert old in lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new)

    return edited(replace)


@pytest.mark.parametrize("page", [1, 2, 3, 9, 10])
@pytest.mark.parametrize("document", [EXPORT, gzip.compress(EXPORT)])
def test_an_export_is_read_in_the_order_it_was_written_in(document: bytes, page: int) -> None:
    users = ("ada", "Eve", "joe ü")
    assert read(document, page=page) == [(user, place) for user in users for place in (1, 2, 3)]


@pytest.mark.parametrize("page", [1, 2, 9])
def test_the_heads_come_with_the_last_events_of_their_logs(page: int) -> None:
    pages = read_export(BytesIO(EXPORT), page=page)
    heads = [head for read in pages for head in read.heads]
    assert [(head.user_id, head.sequence) for head in heads] == [
        ("ada", 3),
        ("Eve", 3),
        ("joe ü", 3),
    ]


def test_an_attribute_that_a_transport_added_is_no_obstacle() -> None:
    lines = replaced(1, '"source"', '"traceparent":"00-0af7","source"').splitlines(keepends=True)
    assert len(read(closed(lines[:-1], logs=3))) == 9


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        pytest.param(*case, id=name)
        for name, case in {
            "an edited title": (replaced(3, "oat", "rye"), "User 'ada', event 3 .*contents edited"),
            "an edited type": (replaced(2, "Completed", "Reopened"), "User 'ada', event 2 "),
            "an edited digest": (replaced(5, '"digest":"', '"digest":"00'), "line 5: "),
            "a removed event": (edited(lambda lines: lines.pop(4)), "'Eve', event 2: removed"),
            "reordered events": (
                edited(lambda lines: lines.insert(3, lines.pop(4))),
                "User 'Eve', event 1: reordered",
            ),
            "a log in two places": (
                edited(lambda lines: lines.insert(8, lines.pop(0))),
                "User 'ada', event 1: removed",
            ),
            "a tail cut off": (edited(lambda lines: lines.pop(8)), "line 9: its hash"),
            "no closing line": (edited(lambda lines: lines.pop(9)), "line 9: "),
            "a position of nothing": (replaced(1, '"position":"1"', '"position":"0"'), "line 1: "),
            "an edited position": (replaced(9, '"position":"9"', '"position":"11"'), "line 10: "),
            "a missing field": (replaced(3, '"taskid"', '"taskno"'), "line 3: .*`taskid`"),
            "a number that no double is": (
                replaced(1, '"order":0.1', '"order":0.10000000000000000001'),
                "line 1: .*more digits",
            ),
            "a time without a zone": (replaced(1, 'Z","userid"', '","userid"'), "line 1: its time"),
            "a time that is none": (replaced(1, '"time":"', '"time":"x'), "line 1: "),
            "an unknown type": (replaced(1, "TaskCreated", "TaskExploded"), "Event 1 of user ada"),
            "no JSON": (edited(lambda lines: lines.insert(4, "ceci n'est pas")), "line 5: "),
            "an empty line": (edited(lambda lines: lines.insert(4, "")), "line 5: "),
            "half a line": (EXPORT[:-20], "line 10: "),
            "nothing": (b"", "line 1: "),
            "an endless line": (EXPORT + b"x" * (LONGEST_LINE + 1), "line 11: it is longer"),
            "a nested abyss": (b"[" * 100_000 + b"\n\n", "line 1: "),
            "no text": (b"\xff" + EXPORT, "line 1: "),
            "half a compressed file": (gzip.compress(EXPORT)[:-99], "line [0-9]+: the compressed"),
            "a damaged compressed file": (
                gzip.compress(EXPORT)[:60] + gzip.compress(EXPORT)[70:],
                "line [0-9]+: the compressed",
            ),
        }.items()
    ],
)
def test_a_file_that_is_not_what_was_exported_is_refused(damaged: bytes, reason: str) -> None:
    with pytest.raises(EventLogError, match=reason):
        read(damaged)


@given(st.integers(0, EXPORT.rindex(b"\n", 0, -1)), st.integers(1, 255))
def test_no_byte_of_an_event_can_change_unnoticed(place: int, difference: int) -> None:
    changed = bytearray(EXPORT)
    changed[place] ^= difference
    with pytest.raises(EventLogError):
        read(bytes(changed))
