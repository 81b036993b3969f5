import pytest

from commands.errors import (
    EventNotFoundError,
    LaterChangeError,
    RefusalError,
    TaskDeletedError,
    TaskNotFoundError,
)
from commands.past import PastEvent
from commands.tasks import CreateTask, DeleteTask, EditTask, RestoreTask, UndoCommand
from events.tasks import (
    Priority,
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskEvent,
    TaskPrioritised,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRescheduled,
    TaskRestored,
    TaskRetagged,
)
from tests.undoing import TASK, UNDO_LATEST, Life, undo_event

CREATED = TaskCreated(title="a", description="d", order=7.0, tags=("x",), due="2026-12-24")


def life(*facts: TaskEvent) -> Life:
    """A task to which one fact after another has happened."""
    task = Life().happen(CREATED)
    for fact in facts:
        task.happen(fact)
    return task


def said(task: Life, command: UndoCommand) -> list[TaskEvent]:
    """What undoing leads to."""
    return [each.payload for each in task.ask(command)]


@pytest.mark.parametrize(
    ("fact", "compensation"),
    [
        (TaskRenamed(title="b"), TaskRenamed(title="a")),
        (TaskDescribed(description=""), TaskDescribed(description="d")),
        (TaskReordered(order=1.5), TaskReordered(order=7.0)),
        (TaskPrioritised(priority=Priority.HIGH), TaskPrioritised(priority=Priority.NONE)),
        (TaskRetagged(tags=()), TaskRetagged(tags=("x",))),
        (TaskRescheduled(due=""), TaskRescheduled(due="2026-12-24")),
        (TaskCompleted(), TaskReopened()),
        (TaskDeleted(), TaskRestored()),
    ],
)
def test_each_change_is_taken_back_by_its_own_kind_and_redone_by_undoing_that(
    fact: TaskEvent, compensation: TaskEvent
) -> None:
    task = life(fact)
    assert said(task, undo_event(2)) == [compensation]
    assert said(task, undo_event(3)) == [fact]


def test_reopening_and_restoring_are_undone_too() -> None:
    assert said(life(TaskCompleted(), TaskReopened()), undo_event(3)) == [TaskCompleted()]
    assert said(life(TaskDeleted(), TaskRestored()), undo_event(3)) == [TaskDeleted()]


def test_undoing_a_creation_deletes_the_task_and_undoing_that_restores_it() -> None:
    task = life()
    assert said(task, undo_event(1)) == [TaskDeleted()]
    assert said(task, undo_event(2)) == [TaskRestored()]
    assert said(task, undo_event(1)) == [TaskDeleted()]


def test_a_creation_is_undone_with_all_that_it_was_made_with() -> None:
    task = Life()
    task.ask(CreateTask(title="a", completed=True))
    assert said(task, undo_event(1)) == [TaskDeleted()]
    assert said(task, UNDO_LATEST) == [TaskRestored()]
    assert task.state == task.state_at(2)


def test_a_creation_stands_when_anything_was_said_of_the_task_since() -> None:
    task = life(TaskRenamed(title="b"), TaskDescribed(description=""))
    with pytest.raises(LaterChangeError, match="event 2"):
        task.ask(undo_event(1))
    task.ask(undo_event(2))
    with pytest.raises(LaterChangeError, match="event 3"):
        task.ask(undo_event(1))
    task.ask(undo_event(3))
    assert said(task, undo_event(1)) == [TaskDeleted()]


def test_a_deletion_that_was_restored_does_not_keep_a_creation_from_being_undone() -> None:
    task = life(TaskDeleted(), TaskRestored())
    assert said(task, undo_event(1)) == [TaskDeleted()]


def test_a_compensation_says_what_it_undoes_and_what_holds_again() -> None:
    task = life(TaskRenamed(title="b"), TaskRenamed(title="c"))
    [compensation] = task.ask(undo_event(3))
    assert (compensation.undoes, compensation.restores) == (3, 2)
    [redone] = task.ask(undo_event(4))
    assert (redone.undoes, redone.restores) == (4, 3)


def test_a_later_change_of_the_same_field_is_named_and_not_overwritten() -> None:
    task = life(TaskRenamed(title="b"), TaskCompleted(), TaskRenamed(title="c"))
    with pytest.raises(LaterChangeError) as refusal:
        task.ask(undo_event(2))
    error = refusal.value
    assert (error.sequence, error.later, error.later_type) == (2, 4, "TaskRenamed")
    assert str(error) == (
        "Event 2 cannot be undone: event 4 (TaskRenamed, 2026-11-24T12:00:00Z) has changed title"
        " since; send force=true to overwrite that."
    )


def test_force_overwrites_a_later_change_and_undoing_that_brings_it_back() -> None:
    task = life(TaskRenamed(title="b"), TaskRenamed(title="c"))
    assert said(task, undo_event(2, force=True)) == [TaskRenamed(title="a")]
    assert said(task, UNDO_LATEST) == [TaskRenamed(title="c")]


def test_a_later_change_of_another_field_is_in_nobodys_way() -> None:
    task = life(TaskRenamed(title="b"), TaskCompleted())
    assert said(task, undo_event(2)) == [TaskRenamed(title="a")]


def test_a_later_change_that_was_undone_is_in_nobodys_way() -> None:
    task = life(TaskRenamed(title="b"), TaskRenamed(title="c"))
    task.ask(undo_event(3))
    assert said(task, undo_event(2)) == [TaskRenamed(title="a")]


def test_the_same_value_said_anew_is_a_later_change() -> None:
    task = life(TaskRenamed(title="b"), TaskRenamed(title="c"), TaskRenamed(title="b"))
    with pytest.raises(LaterChangeError, match="event 4"):
        task.ask(undo_event(2))


def test_what_is_as_it_was_before_stays_as_it_is() -> None:
    task = life(TaskRenamed(title="b"))
    task.ask(undo_event(2))
    assert task.ask(undo_event(2)) == ()
    assert life(TaskRenamed(title="b"), TaskRenamed(title="a")).ask(undo_event(2)) == ()
    assert life(TaskDeleted()).ask(undo_event(1)) == ()


def test_only_restoring_is_possible_while_a_task_is_deleted() -> None:
    task = life(TaskRenamed(title="b"), TaskDeleted())
    for force in (False, True):
        with pytest.raises(TaskDeletedError, match=str(TASK)):
            task.ask(undo_event(2, force=force))
    assert said(task, UNDO_LATEST) == [TaskRestored()]


def test_a_whole_command_is_undone_and_redone() -> None:
    task = life()
    task.ask(EditTask(task_id=TASK, title="b", due="", completed=True))
    assert said(task, UNDO_LATEST) == [
        TaskRenamed(title="a"),
        TaskRescheduled(due="2026-12-24"),
        TaskReopened(),
    ]
    assert task.state == task.state_at(1)
    assert [each.undoes for each in task.ask(UNDO_LATEST)] == [5, 6, 7]
    assert task.state == task.state_at(4)


def test_one_event_of_a_command_is_undone_alone() -> None:
    task = life()
    task.ask(EditTask(task_id=TASK, title="b", due="", completed=True))
    assert said(task, undo_event(3)) == [TaskRescheduled(due="2026-12-24")]


def test_the_latest_command_is_the_latest_even_right_behind_another() -> None:
    task = life()
    for title in ("b", "c"):
        task.ask(EditTask(task_id=TASK, title=title, due=title))
    task.ask(UNDO_LATEST)
    assert task.state == task.state_at(3)


def test_a_deletion_asked_for_after_being_undone_is_another_one() -> None:
    task = life(TaskDeleted())
    task.ask(UNDO_LATEST)
    task.ask(DeleteTask(task_id=TASK))
    with pytest.raises(LaterChangeError, match="event 4"):
        task.ask(undo_event(2))
    task.ask(RestoreTask(task_id=TASK))
    assert task.ask(undo_event(2)) == ()


@pytest.mark.parametrize(
    ("past", "command", "reason"),
    [
        ([], UNDO_LATEST, TaskNotFoundError),
        ([], undo_event(1), EventNotFoundError),
        (life().past, undo_event(2), EventNotFoundError),
    ],
)
def test_what_has_not_happened_cannot_be_undone(
    past: list[PastEvent], command: UndoCommand, reason: type[RefusalError]
) -> None:
    with pytest.raises(reason):
        Life(past).ask(command)
