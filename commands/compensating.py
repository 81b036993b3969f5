"""Between the rules of undoing and the log: what they take of it, and what it is given back."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from commands.context import CommandContext
from commands.errors import EventErasedError
from commands.past import PastEvent
from commands.surroundings import Surrounded, surrounded
from commands.tasks import Command, UndoCommand, UndoEvent, UndoLatest
from commands.undo import Compensation
from events.envelope import RecordedEvent
from events.excerpt import ExcerptId
from events.log_events import LogErased, Redacted
from events.tasks import TaskEvent


def excerpt_for(user_id: str, command: Command) -> ExcerptId | None:
    """Give the part of a stream that undoing takes; None for every other command."""
    match command:
        case UndoEvent(task_id=task_id, sequence=sequence):
            return ExcerptId(user_id, task_id, sequence)
        case UndoLatest(task_id=task_id):
            return ExcerptId(user_id, task_id, 0)
        case _:
            return None


def compensating(
    context: CommandContext, command: UndoCommand, compensations: Sequence[Compensation]
) -> Iterator[Surrounded]:
    """Surround compensations; each says what it undoes, and what holds again since."""
    facts = surrounded(context, command, (each.payload for each in compensations))
    for each, (payload, metadata) in zip(compensations, facts, strict=True):
        yield payload, replace(metadata, undoes=each.undoes, restores=each.restores)


def past_events(command: UndoCommand, events: Iterable[RecordedEvent]) -> list[PastEvent]:
    """Give what undoing has to know of some events of a task; nothing of those that were erased.

    Raises:
        EventErasedError: What is to be undone was erased, or is the erasure itself.
    """
    past = list[PastEvent]()
    for event in events:
        if not isinstance(event.payload, LogErased | Redacted):
            past.append(_past_event(event, event.payload))
        elif isinstance(command, UndoEvent) and command.sequence == event.sequence:
            raise EventErasedError(event.sequence)
    return past


def _past_event(event: RecordedEvent, payload: TaskEvent) -> PastEvent:
    return PastEvent(
        sequence=event.sequence,
        version=event.version,
        payload=payload,
        recorded_at=event.recorded_at,
        continues=event.metadata.continues,
        restores=event.metadata.restores,
    )
