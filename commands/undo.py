"""The rules of undoing: which facts put back what an event or a command has changed. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from commands.errors import (
    EventNotFoundError,
    LaterChangeError,
    TaskDeletedError,
    TaskNotFoundError,
)
from commands.past import Field, PastEvent, facts_of
from commands.tasks import UndoCommand, UndoEvent, UndoLatest
from events.tasks import TaskCreated, TaskDeleted, TaskEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensation:
    """A fact that puts a field back.

    Attributes:
        payload: The fact.
        undoes: The sequence of the event whose change it takes back.
        restores: The sequence of the event whose change holds again, if there was a task before.
    """

    payload: TaskEvent
    undoes: int
    restores: int | None


def undo(command: UndoCommand, past: Sequence[PastEvent]) -> tuple[Compensation, ...]:
    """Give the facts that undo an event, or all events of a task's latest command.

    Args:
        command: What is asked.
        past: What has happened to the task, in order. Enough of it are the events around the one
            to be undone, the last of each type before those, and the last of each type.

    Returns:
        A compensation for each field to be put back; none when all of them are as they were.

    Raises:
        TaskNotFoundError: There is no such task.
        EventNotFoundError: Nothing of that sequence has happened to the task.
        TaskDeletedError: The task is deleted, and it is not that what is to be undone.
        LaterChangeError: A later change would be overwritten, and that is not wanted.
    """
    undone, force = _undone(command, past), isinstance(command, UndoEvent) and command.force
    if isinstance(undone[0].payload, TaskCreated):
        return tuple(_uncreated(undone, past, force=force))
    if _is_deleted(past) and Field.DELETED not in facts_of(undone[0]):
        raise TaskDeletedError(command.task_id)
    put_back = (_put_back(event, past, force=force) for event in undone)
    return tuple(compensation for compensation in put_back if compensation is not None)


def _undone(command: UndoCommand, past: Sequence[PastEvent]) -> Sequence[PastEvent]:
    match command:
        case UndoEvent(sequence=sequence):
            place = next((n for n, event in enumerate(past) if event.sequence == sequence), None)
            if place is None:
                raise EventNotFoundError(sequence)
            # What a new task was made with is undone with it.
            created = isinstance(past[place].payload, TaskCreated)
            return _command_at(place, past) if created else [past[place]]
        case UndoLatest():
            if not past:
                raise TaskNotFoundError(command.task_id)
            return _command_at(len(past) - 1, past)
        case _:
            assert_never(command)


def _command_at(place: int, past: Sequence[PastEvent]) -> Sequence[PastEvent]:
    """Give all events of the command that has led to one of them."""
    first, end = place, place + 1
    while first > 0 and past[first].continues:
        first -= 1
    while end < len(past) and _continues(past[end], past[end - 1]):
        end += 1
    return past[first:end]


def _continues(event: PastEvent, before: PastEvent) -> bool:
    # What is not all of the past may have gaps.
    return event.continues and event.version == before.version + 1


def _uncreated(
    created: Sequence[PastEvent], past: Sequence[PastEvent], *, force: bool
) -> Iterator[Compensation]:
    """Delete a task that is not deleted; what anybody has said of it since stands in the way."""
    if _is_deleted(past):
        return
    for field in Field:
        if field is not Field.DELETED and not force:
            _refuse_later(field, _last(field, created), past)
    yield Compensation(payload=TaskDeleted(), undoes=created[0].sequence, restores=None)


def _put_back(event: PastEvent, past: Sequence[PastEvent], *, force: bool) -> Compensation | None:
    """Put the one field that an event has changed back to what it was before."""
    [field] = facts_of(event)
    before = _last(field, [each for each in past if each.version < event.version])
    fact = facts_of(before)[field]
    if facts_of(_last(field, past))[field] == fact:
        return None
    if not force:
        _refuse_later(field, event, past)
    return Compensation(payload=fact, undoes=event.sequence, restores=before.origin)


def _refuse_later(field: Field, event: PastEvent, past: Sequence[PastEvent]) -> None:
    now = _last(field, past)
    if now.origin != event.origin:
        raise LaterChangeError(
            event.sequence,
            field=field,
            later=now.sequence,
            later_type=type(now.payload).__name__,
            later_at=now.recorded_at,
        )


def _last(field: Field, past: Sequence[PastEvent]) -> PastEvent:
    return next(event for event in reversed(past) if field in facts_of(event))


def _is_deleted(past: Sequence[PastEvent]) -> bool:
    return isinstance(_last(Field.DELETED, past).payload, TaskDeleted)
