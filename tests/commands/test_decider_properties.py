import contextlib

from hypothesis import given, strategies as st

from commands.decider import decide
from commands.errors import RefusalError
from commands.state import INITIAL, TaskState, fold
from commands.tasks import CreateTask, TaskCommand, ToggleTask
from tests.strategies import commands


def _lived(asked: list[TaskCommand]) -> TaskState:
    """The state after carrying out commands as far as the rules allow, the first one a creation."""
    state = INITIAL
    for command in asked:
        if isinstance(command, CreateTask) != (state == INITIAL):
            continue
        with contextlib.suppress(RefusalError):
            state = fold(decide(command, state, task_id=1), state)
    return state


@given(st.lists(commands, max_size=20), commands)
def test_a_command_repeated_at_once_changes_nothing_more(
    asked: list[TaskCommand], command: TaskCommand
) -> None:
    before = _lived(asked)
    with contextlib.suppress(RefusalError):
        after = fold(decide(command, before, task_id=1), before)
        # Another task is another task, and turning around twice is what a toggle is for.
        if not isinstance(command, CreateTask | ToggleTask):
            with contextlib.suppress(RefusalError):
                assert decide(command, after, task_id=1) == ()


@given(st.lists(commands, max_size=20), commands)
def test_what_is_decided_can_always_be_folded(
    asked: list[TaskCommand], command: TaskCommand
) -> None:
    state = _lived(asked)
    if isinstance(command, CreateTask) == (state == INITIAL):
        with contextlib.suppress(RefusalError):
            fold(decide(command, state, task_id=1), state)
