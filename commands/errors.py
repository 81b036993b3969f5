"""Why a command was not carried out: one class per reason, its facts as attributes."""

from datetime import UTC, datetime
from typing import Any


class CommandError(Exception):
    """The root of every reason a command was not carried out."""


class RefusalError(CommandError):
    """A rule does not allow the command; asking again changes nothing."""


class TaskNotFoundError(RefusalError):
    """The user has no task of that number."""

    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        super().__init__(f"Task {task_id} does not exist.")


class TaskDeletedError(RefusalError):
    """The task is deleted, so only restoring it is possible."""

    def __init__(self, task_id: int) -> None:
        self.task_id = task_id
        super().__init__(f"Task {task_id} is deleted; restore it first.")


class EventNotFoundError(RefusalError):
    """The user has no event of that sequence."""

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence
        super().__init__(f"Event {sequence} does not exist.")


class EventErasedError(RefusalError):
    """The event was erased, or is the erasure itself, so nothing can put back what it said."""

    def __init__(self, sequence: int) -> None:
        self.sequence = sequence
        super().__init__(f"Event {sequence} was erased, and erasing cannot be undone.")


class LaterChangeError(RefusalError):
    """Undoing the event would overwrite what was changed later."""

    def __init__(
        self, sequence: int, *, field: str, later: int, later_type: str, later_at: datetime
    ) -> None:
        self.sequence = sequence
        self.field = field
        self.later = later
        self.later_type = later_type
        self.later_at = later_at
        at = later_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        super().__init__(
            f"Event {sequence} cannot be undone: event {later} ({later_type}, {at}) has changed"
            f" {field} since; send force=true to overwrite that."
        )


class LogBeingErasedError(CommandError):
    """The user's log is being erased; nothing can be written until that is done."""

    def __init__(self) -> None:
        super().__init__(
            "Your data is being erased; try again in a moment, or ask for the erasure again."
        )


class WrongVersionError(CommandError):
    """The task is not at a version the caller expected."""

    def __init__(self, task_id: int, *, expected: frozenset[int], found: int) -> None:
        self.task_id = task_id
        self.expected = expected
        self.found = found
        wanted = " or ".join(map(str, sorted(expected))) or "any other"
        super().__init__(f"Task {task_id} is at version {found}, not at the expected {wanted}.")


class KeyReusedError(CommandError):
    """An idempotency key came back with another command than its first."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__("This Idempotency-Key was used for a different command; choose a new one.")


class TaskNotStartedError(CommandError):
    """The step of a batch that would have started the task was refused."""

    def __init__(self, temporary_id: str) -> None:
        self.temporary_id = temporary_id
        super().__init__(f"{temporary_id} was not created; see what was wrong with its command.")


class BatchRefusedError(CommandError):
    """Some step of an atomic batch was refused, so none was carried out."""

    def __init__(self, outcomes: tuple[Any, ...]) -> None:
        self.outcomes = outcomes
        refused = sum(isinstance(outcome, CommandError) for outcome in outcomes)
        super().__init__(
            f"{refused} of {len(outcomes)} commands were refused, so none was carried out."
        )


class ImpossibleEventError(CommandError):
    """A stream holds an event that cannot have happened in its place; the log is damaged."""

    def __init__(self, state: object, event: object) -> None:
        self.state = type(state).__name__
        self.event = type(event).__name__
        super().__init__(f"{self.event} cannot have happened to a task in state {self.state}.")


class QueueFullError(CommandError):
    """Too many commands are waiting already; the caller should come back."""

    def __init__(self, waiting: int) -> None:
        self.waiting = waiting
        super().__init__(f"{waiting} commands are waiting already; try again in a moment.")


class StoppingError(CommandError):
    """The service is stopping and takes no more commands."""

    def __init__(self) -> None:
        super().__init__("The service is stopping; nothing was recorded; try again in a moment.")


class OutcomeUnknownError(CommandError):
    """The database went away during the commit, so the command may or may not be recorded."""

    def __init__(self) -> None:
        super().__init__("The database went away during the commit; read the task before retrying.")
