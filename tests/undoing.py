"""A task's life without a database, for the rules of undoing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from commands.decider import decide
from commands.past import PastEvent
from commands.state import DeletedTask, DoneTask, NoTask, TaskState, evolve, fold
from commands.tasks import TaskCommand, UndoCommand, UndoEvent, UndoLatest
from commands.undo import Compensation, undo
from events.tasks import TaskEvent

TASK = 7
"""The number of the task every life is of."""

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass(slots=True)
class Life:
    """What has happened to a task; its events are the only ones in their log."""

    past: list[PastEvent] = field(default_factory=list[PastEvent])

    @property
    def state(self) -> TaskState:
        """What the task is now."""
        return self.state_at(len(self.past))

    def state_at(self, version: int) -> TaskState:
        """What the task was once."""
        return fold(event.payload for event in self.past[:version])

    def ask(self, command: TaskCommand | UndoCommand) -> tuple[Compensation, ...]:
        """Carry a command out, and give the compensations it has led to."""
        if isinstance(command, UndoEvent | UndoLatest):
            compensations = undo(command, self.past)
            self._happen([(each.payload, each.restores) for each in compensations])
            return compensations
        self.happen(*decide(command, self.state, task_id=TASK))
        return ()

    def happen(self, *facts: TaskEvent) -> "Life":
        """Let one command lead to some facts."""
        self._happen([(fact, None) for fact in facts])
        return self

    def _happen(self, facts: list[tuple[TaskEvent, int | None]]) -> None:
        for place, (fact, restores) in enumerate(facts):
            self.past.append(
                PastEvent(
                    sequence=len(self.past) + 1,
                    version=len(self.past) + 1,
                    payload=fact,
                    recorded_at=AT,
                    continues=place > 0,
                    restores=restores,
                )
            )
            evolve(self.state_at(len(self.past) - 1), fact)


def fields_of(state: TaskState) -> dict[str, object]:
    """Give what a task holds, field by field."""
    deleted = isinstance(state, DeletedTask)
    task = state.was if deleted else state
    if isinstance(task, NoTask):
        return {"deleted": True}
    details = task.details
    return {
        "title": details.title,
        "description": details.description,
        "order": details.order,
        "priority": details.priority,
        "tags": details.tags,
        "due": details.due,
        "completed": isinstance(task, DoneTask),
        "deleted": deleted,
    }


def undo_event(sequence: int, *, force: bool = False) -> UndoEvent:
    """Ask for an event to be undone."""
    return UndoEvent(sequence=sequence, force=force, task_id=TASK)


UNDO_LATEST = UndoLatest(task_id=TASK)
