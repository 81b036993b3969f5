"""Logs that Hypothesis invents: written as they should be, and ways to change one value of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from hypothesis import strategies as st

from events.canonical import canonical
from events.envelope import Metadata, NewEvent
from events.finding import Finding
from events.head import Entry, LogHead, record
from events.reader import PositionedEvent
from events.tasks import TaskCompleted, TaskCreated, TaskEvent, TaskRenamed
from events.verification import LogCheck
from tests.strategies import orders

_texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=5)
_payloads: st.SearchStrategy[TaskEvent] = (
    st.just(TaskCompleted())
    | st.builds(TaskRenamed, title=_texts)
    | st.builds(TaskCreated, title=_texts, description=_texts, order=orders)
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Log:
    """A user's log as it is stored."""

    head: LogHead
    events: tuple[PositionedEvent, ...]

    def finding(self) -> Finding | None:
        """Verify it."""
        check = LogCheck(self.head.user_id)
        for event in self.events:
            check.take(event, self.head.sequence)
        return check.finding_before(self.head)

    def with_events(self, events: Iterable[PositionedEvent]) -> Self:
        """Have other events under the same head; they are read in the order of their sequence."""
        return replace(self, events=tuple(sorted(events, key=lambda event: event.sequence)))

    def with_event(self, sequence: int, /, **changes: Any) -> Self:  # noqa: ANN401 - any column
        """Have one event changed."""
        return self.with_events(
            replace(event, **changes) if event.sequence == sequence else event
            for event in self.events
        )


@st.composite
def logs(draw: st.DrawFn, at_least: int = 1) -> Log:
    """Some log, written as it should be."""
    head, versions, events = LogHead(user_id="ada"), dict[int, int](), list[PositionedEvent]()
    for place in range(draw(st.integers(at_least, 6))):
        task_id = draw(st.integers(1, 3))
        versions[task_id] = versions.get(task_id, 0) + 1
        metadata = Metadata(actor=draw(_texts), command="c", request_id="r", correlation_id="r")
        new = NewEvent(
            task_id=task_id, version=versions[task_id], payload=draw(_payloads), metadata=metadata
        )
        head, entry = record(head, new, NOON + timedelta(seconds=place))
        events.append(stored(entry, position=10 * place + 3))
    return Log(head, tuple(events))


def stored(entry: Entry, *, position: int) -> PositionedEvent:
    """Give the row that an entry becomes."""
    event = entry.event
    return PositionedEvent(
        position=position,
        user_id=event.user_id,
        sequence=event.sequence,
        task_id=event.task_id,
        version=event.version,
        type=entry.type,
        schema_version=entry.schema_version,
        data=entry.data.decode(),
        metadata=entry.metadata.decode(),
        recorded_at=event.recorded_at,
        digest=event.digest,
        chain=event.chain,
    )


_hashes = st.binary(min_size=32, max_size=32)


def _json(value: dict[str, str | int | None]) -> str:
    return canonical({**value}).decode()


_objects = st.dictionaries(_texts, _texts | st.integers(-9, 9) | st.none()).map(_json)

OTHER_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "task_id": st.integers(1, 2**63 - 1),
    "version": st.integers(1, 2**31 - 1),
    "type": _texts,
    "schema_version": st.integers(-(2**15), 2**15 - 1),
    "data": _objects,
    "metadata": _objects,
    "recorded_at": st.datetimes(timezones=st.just(UTC)),
    "digest": _hashes,
    "chain": _hashes,
}
"""What else a column of the log could hold, but for those that say whose event it is and where."""

OTHER_HEADS: dict[str, st.SearchStrategy[Any]] = {
    "sequence": st.integers(0, 2**63 - 1),
    "chain": _hashes,
    "last_task_id": st.integers(0, 2**63 - 1),
    "recorded_at": st.none() | st.datetimes(timezones=st.just(UTC)),
}
"""What else a column of a head could hold."""
