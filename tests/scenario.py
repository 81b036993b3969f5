"""Rules told as scenarios: given what happened, when somebody asks, then this follows."""

from dataclasses import dataclass
from typing import Self

import pytest

from commands.decider import decide
from commands.errors import RefusalError
from commands.state import fold
from commands.tasks import TaskCommand
from events.tasks import TaskEvent

TASK = 7
"""The number of the task every scenario is about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command put to a task with a past."""

    past: tuple[TaskEvent, ...]
    command: TaskCommand

    def then(self, *expected: TaskEvent) -> None:
        """Expect exactly these facts."""
        assert expected == decide(self.command, fold(self.past), task_id=TASK)

    def then_nothing_happens(self) -> None:
        """Expect success without any fact."""
        self.then()

    def then_refused(self, reason: type[RefusalError]) -> None:
        """Expect a refusal that names the task."""
        with pytest.raises(reason, match=str(TASK)):
            decide(self.command, fold(self.past), task_id=TASK)


@dataclass(frozen=True, slots=True)
class Past:
    """What has happened to a task."""

    events: tuple[TaskEvent, ...]

    def and_then(self, *events: TaskEvent) -> Self:
        """Let more happen."""
        return type(self)((*self.events, *events))

    def when(self, command: TaskCommand) -> Asked:
        """Ask for something."""
        return Asked(self.events, command)


def given(*events: TaskEvent) -> Past:
    """Begin with a past; empty for a task nobody has heard of."""
    return Past(events)
