import contextlib

from hypothesis import given, strategies as st

from commands.errors import RefusalError
from commands.past import Field, facts_of
from commands.tasks import CreateTask, TaskCommand, UndoCommand, UndoEvent
from events.tasks import TaskCreated
from tests.strategies import commands
from tests.undoing import UNDO_LATEST, Life, fields_of, undo_event

undos = st.just(UNDO_LATEST) | st.builds(undo_event, st.integers(1, 12), force=st.booleans())
asked = st.lists(commands | undos, max_size=25)
creations = st.builds(CreateTask, title=st.sampled_from("ab"), completed=st.booleans())


def lived(creation: CreateTask, asked: list[TaskCommand | UndoCommand]) -> Life:
    """A task after all that the rules have allowed of what was asked."""
    task = Life()
    task.ask(creation)
    for command in asked:
        if not isinstance(command, CreateTask):
            with contextlib.suppress(RefusalError):
                task.ask(command)
    return task


def drawn(data: st.DataObject, task: Life, *, force: bool) -> UndoEvent:
    """Some event of the task's past, to be undone."""
    return undo_event(data.draw(st.integers(1, len(task.past))), force=force)


@given(creations, asked, st.booleans(), st.data())
def test_undoing_an_event_and_then_that_restores_the_state(
    creation: CreateTask,
    asked: list[TaskCommand | UndoCommand],
    force: bool,  # noqa: FBT001 - Hypothesis gives it by place
    data: st.DataObject,
) -> None:
    task = lived(creation, asked)
    before, command = task.state, drawn(data, task, force=force)
    with contextlib.suppress(RefusalError):
        [*compensations] = task.ask(command)
        for _ in compensations[:1]:
            assert task.state != before
            task.ask(undo_event(len(task.past)))
        assert task.state == before


@given(creations, asked)
def test_the_latest_change_can_always_be_undone_and_redone(
    creation: CreateTask, asked: list[TaskCommand | UndoCommand]
) -> None:
    task = lived(creation, asked)
    before, last = task.state, len(task.past)
    compensations = task.ask(UNDO_LATEST)
    first = task.past[min(each.undoes for each in compensations) - 1]
    if not isinstance(first.payload, TaskCreated):
        assert task.state == task.state_at(first.version - 1)
    task.ask(UNDO_LATEST)
    assert task.state == before
    assert len(task.past) == last + 2 * len(compensations)


@given(creations, asked, st.data())
def test_after_a_forced_undo_the_fields_of_the_event_hold_what_they_held_before(
    creation: CreateTask, asked: list[TaskCommand | UndoCommand], data: st.DataObject
) -> None:
    task = lived(creation, asked)
    command = drawn(data, task, force=True)
    event = task.past[command.sequence - 1]
    before = fields_of(task.state_at(event.version - 1))
    with contextlib.suppress(RefusalError):
        task.ask(command)
        now = fields_of(task.state)
        assert {name: now[name] for name in facts_of(event) if name in before} == {
            name: before[name] for name in facts_of(event) if name in before
        }


@given(creations, asked, st.booleans(), st.data())
def test_no_other_field_is_ever_touched(
    creation: CreateTask,
    asked: list[TaskCommand | UndoCommand],
    force: bool,  # noqa: FBT001 - Hypothesis gives it by place
    data: st.DataObject,
) -> None:
    task = lived(creation, asked)
    command = drawn(data, task, force=force)
    event = task.past[command.sequence - 1]
    created = isinstance(event.payload, TaskCreated)
    touched = {Field.DELETED} if created else set(facts_of(event))
    before = fields_of(task.state)
    with contextlib.suppress(RefusalError):
        task.ask(command)
    after = fields_of(task.state)
    assert {name for name in before if before[name] != after[name]} <= touched


@given(creations, asked, st.booleans(), st.data())
def test_undoing_an_event_twice_changes_nothing_more(
    creation: CreateTask,
    asked: list[TaskCommand | UndoCommand],
    force: bool,  # noqa: FBT001 - Hypothesis gives it by place
    data: st.DataObject,
) -> None:
    task = lived(creation, asked)
    command = drawn(data, task, force=force)
    with contextlib.suppress(RefusalError):
        task.ask(command)
        assert task.ask(command) == ()


@given(creations, asked, st.data())
def test_without_force_only_the_value_that_the_event_gave_is_replaced(
    creation: CreateTask, asked: list[TaskCommand | UndoCommand], data: st.DataObject
) -> None:
    task = lived(creation, asked)
    command = drawn(data, task, force=False)
    event = task.past[command.sequence - 1]
    gave, now = fields_of(task.state_at(event.version)), fields_of(task.state)
    with contextlib.suppress(RefusalError):
        for _ in task.ask(command):
            for name in facts_of(event).keys() - {Field.COMPLETED, Field.DELETED}:
                assert now[name] == gave[name]
