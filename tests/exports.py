"""Exports made without a database."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from events.cloud_event import Totals, closing_event, cloud_event
from events.envelope import Metadata, NewEvent
from events.head import Entry, LogHead, record
from events.tasks import TaskCompleted, TaskCreated, TaskEvent, TaskRenamed
from tests.invented_logs import stored

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
LIFE: list[TaskEvent] = [
    TaskCreated(title='Buy "milk"\n', description="ü 🥛 \u2028", order=0.1),
    TaskCompleted(),
    TaskRenamed(title="Buy oat milk"),
]


def export_of(*user_ids: str) -> bytes:
    """Write an export of some users' logs, each with the same three events."""
    entries = [entry for user_id in user_ids for entry in _log(user_id)]
    rows = [stored(entry, position=place) for place, entry in enumerate(entries, 1)]
    lines = [msgspec.json.encode(cloud_event(row)) + b"\n" for row in rows]
    return closed(lines, logs=len(user_ids))


def closed(lines: Iterable[bytes], *, logs: int) -> bytes:
    """Close an export as if its lines had always been these."""
    lines = list(lines)
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    closing = closing_event(Totals(events=len(lines), logs=logs, sha256=digest))
    return b"".join([*lines, msgspec.json.encode(closing), b"\n"])


def _log(user_id: str) -> Iterable[Entry]:
    head = LogHead(user_id=user_id)
    metadata = Metadata(actor=user_id, command="c", request_id="r", correlation_id="r")
    for version, payload in enumerate(LIFE, 1):
        new = NewEvent(task_id=1, version=version, payload=payload, metadata=metadata)
        head, entry = record(head, new, NOON)
        yield entry
