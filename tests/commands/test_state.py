import pytest

from commands.errors import ImpossibleEventError
from commands.state import fold
from events.tasks import TaskCompleted, TaskCreated, TaskDeleted, TaskEvent, TaskRestored

CREATED = TaskCreated(title="Buy milk", description="", order=1.0)


@pytest.mark.parametrize(
    "history",
    [
        [TaskCompleted()],
        [TaskRestored()],
        [CREATED, TaskRestored()],
        [CREATED, TaskDeleted(), TaskCompleted()],
    ],
)
def test_a_history_that_cannot_have_happened_is_named(history: list[TaskEvent]) -> None:
    with pytest.raises(ImpossibleEventError, match=type(history[-1]).__name__):
        fold(history)
