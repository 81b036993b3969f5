"""Reading an export back, verifying every log in it on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec

from events.cloud_event import (
    TASK_TYPE,
    ClosingEvent,
    CloudEvent,
    Totals,
    closing_event,
    positioned_event,
)
from events.envelope import RecordedEvent
from events.errors import NotCanonicalError, UnverifiedExportError
from events.head import LogHead
from events.lines import LineReader
from events.reader import PositionedEvent, recorded
from events.verification import LogCheck

PAGE = 2_000
"""Events given at once: bounds memory, and is enough to make a round trip with them cheap."""


class _Kind(msgspec.Struct, frozen=True):
    """What a line is about."""

    type: str


_kind_decoder = msgspec.json.Decoder(_Kind)
_event_decoder = msgspec.json.Decoder(CloudEvent)
_closing_decoder = msgspec.json.Decoder(ClosingEvent)


@dataclass(frozen=True, slots=True)
class Page:
    """Some events of an export, as stored and decoded, and the heads of the logs that end there."""

    rows: list[PositionedEvent] = field(default_factory=list[PositionedEvent])
    events: list[RecordedEvent] = field(default_factory=list[RecordedEvent])
    heads: list[LogHead] = field(default_factory=list[LogHead])


def read_export(file: BinaryIO, *, page: int = PAGE) -> Iterator[Page]:
    """Read an export a page at a time; only at the end is it known to be whole.

    Raises:
        DamagedFileError: It is not what an export writes, or not whole, or changed.
        UnverifiedExportError: A log in it does not verify.
        UnreadableEventError: It holds an event this version of the code cannot read.
    """
    reader = LineReader(file)
    read, check, events, logs = Page(), LogCheck(""), 0, 0
    for line in reader:
        if reader.decode(line, _kind_decoder).type == TASK_TYPE:
            continue
        row = _row(reader, line)
        if row.user_id != check.user_id or not events:
            _close(check, read)
            check = LogCheck(row.user_id)
            logs += 1
        check.take(row)
        read.rows.append(row)
        read.events.append(recorded(row))
        events += 1
        if len(read.rows) == page:
            yield read
            read = Page()
    _close(check, read)
    totals = Totals(events=events, logs=logs, sha256=reader.sha256)
    if reader.decode(reader.closing, _closing_decoder) != closing_event(totals):
        reason = "its hash is not that of the lines before it"
        raise reader.damaged(reason)
    yield read


def _row(reader: LineReader, line: bytes) -> PositionedEvent:
    try:
        return positioned_event(reader.decode(line, _event_decoder))
    except (ValueError, NotCanonicalError) as error:
        raise reader.damaged(str(error)) from error


def _close(check: LogCheck, read: Page) -> None:
    """Have the head of a log that ends here, which is where the export left it."""
    finding = check.finding()
    if finding is not None:
        raise UnverifiedExportError(finding)
    if check.sequence:
        read.heads.append(check.head)
