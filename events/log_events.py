"""What happens to a log as a whole, and what is left of the events that this has emptied."""

from dataclasses import dataclass

from events.tasks import TaskEvent

LOG = 0
"""What stands for the log itself where other events have the number of a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogErased:
    """Its owner had the log erased: whatever it said up to this sequence is no longer known."""

    through: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """What an event says that was erased: its type, place and time are all that is left of it."""


REDACTED = Redacted()

REDACTED_JSON = "null"
"""What stands in the place of data and metadata that were erased; they are objects otherwise."""

type Fact = TaskEvent | LogErased
"""What can happen."""

type Payload = Fact | Redacted
"""What a reader may find in an event."""
