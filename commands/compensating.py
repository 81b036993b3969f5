"""Between the rules of undoing and the log: what they take of it, and what it is given back."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from commands.context import CommandContext
from commands.past import PastEvent
from commands.surroundings import Fact, surrounded
from commands.tasks import Command, UndoCommand, UndoEvent, UndoLatest
from commands.undo import Compensation
from events.envelope import RecordedEvent
from events.excerpt import ExcerptId


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
) -> Iterator[Fact]:
    """Surround compensations; each says what it undoes, and what holds again since."""
    facts = surrounded(context, command, (each.payload for each in compensations))
    for each, (payload, metadata) in zip(compensations, facts, strict=True):
        yield payload, replace(metadata, undoes=each.undoes, restores=each.restores)


def past_event(event: RecordedEvent) -> PastEvent:
    """Give what undoing has to know of an event."""
    return PastEvent(
        sequence=event.sequence,
        version=event.version,
        payload=event.payload,
        recorded_at=event.recorded_at,
        continues=event.metadata.continues,
        restores=event.metadata.restores,
    )
