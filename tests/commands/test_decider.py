import pytest

from commands.errors import TaskDeletedError, TaskNotFoundError
from commands.tasks import (
    CompleteTask,
    CreateTask,
    DeleteTask,
    EditTask,
    ReopenTask,
    ReplaceTask,
    RestoreTask,
    TaskCommand,
    ToggleTask,
)
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
from tests.scenario import TASK, given

CREATED = TaskCreated(title="Buy milk", description="Two litres", order=3.0)


def test_a_new_task_says_what_its_author_said() -> None:
    given().when(CreateTask(title="Buy milk", description="Two litres", order=3.0)).then(CREATED)


def test_a_new_task_without_an_order_goes_after_every_earlier_one() -> None:
    given().when(CreateTask(title="Buy milk")).then(
        TaskCreated(title="Buy milk", description="", order=float(TASK))
    )


def test_a_new_task_may_be_planned_already() -> None:
    planned = CreateTask(title="Buy milk", priority=Priority.LOW, tags=("food",), due="2026-12-24")
    given().when(planned).then(
        TaskCreated(
            title="Buy milk",
            description="",
            order=float(TASK),
            priority=Priority.LOW,
            tags=("food",),
            due="2026-12-24",
        )
    )


def test_what_a_task_was_planned_for_can_be_cleared() -> None:
    planned = given(CREATED).and_then(
        TaskPrioritised(priority=Priority.LOW),
        TaskRetagged(tags=("food",)),
        TaskRescheduled(due="2026-12-24"),
    )
    planned.when(EditTask(task_id=TASK, priority=Priority.NONE, tags=(), due="")).then(
        TaskPrioritised(priority=Priority.NONE), TaskRetagged(tags=()), TaskRescheduled(due="")
    )
    planned.when(
        EditTask(task_id=TASK, priority=Priority.LOW, tags=("food",), due="2026-12-24")
    ).then_nothing_happens()


def test_a_new_task_may_be_done_already() -> None:
    given().when(
        CreateTask(title="Buy milk", description="Two litres", order=3.0, completed=True)
    ).then(CREATED, TaskCompleted())


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        (EditTask(task_id=TASK, title="Buy oat milk"), TaskRenamed(title="Buy oat milk")),
        (EditTask(task_id=TASK, description=""), TaskDescribed(description="")),
        (EditTask(task_id=TASK, order=0.5), TaskReordered(order=0.5)),
        (
            EditTask(task_id=TASK, priority=Priority.HIGH),
            TaskPrioritised(priority=Priority.HIGH),
        ),
        (EditTask(task_id=TASK, tags=("food",)), TaskRetagged(tags=("food",))),
        (EditTask(task_id=TASK, due="2026-12-24"), TaskRescheduled(due="2026-12-24")),
        (EditTask(task_id=TASK, completed=True), TaskCompleted()),
    ],
)
def test_each_edited_field_is_a_fact_of_its_own(change: TaskCommand, fact: TaskEvent) -> None:
    given(CREATED).when(change).then(fact)


def test_what_a_replacement_leaves_out_falls_back_to_its_default() -> None:
    given(CREATED, TaskRetagged(tags=("food",)), TaskCompleted()).when(
        ReplaceTask(task_id=TASK, title="Buy tea")
    ).then(
        TaskRenamed(title="Buy tea"),
        TaskDescribed(description=""),
        TaskReordered(order=float(TASK)),
        TaskRetagged(tags=()),
        TaskReopened(),
    )


def test_an_edit_of_several_fields_leads_to_several_facts() -> None:
    given(CREATED).when(
        EditTask(task_id=TASK, title="Buy tea", description="Green", order=1.0, completed=True)
    ).then(
        TaskRenamed(title="Buy tea"),
        TaskDescribed(description="Green"),
        TaskReordered(order=1.0),
        TaskCompleted(),
    )


def test_an_edit_to_what_already_is_changes_nothing() -> None:
    given(CREATED).when(
        EditTask(
            task_id=TASK, title="Buy milk", description="Two litres", order=3.0, completed=False
        )
    ).then_nothing_happens()


def test_an_open_task_can_be_completed() -> None:
    given(CREATED).when(CompleteTask(task_id=TASK)).then(TaskCompleted())


def test_completing_twice_changes_nothing() -> None:
    given(CREATED, TaskCompleted()).when(CompleteTask(task_id=TASK)).then_nothing_happens()


def test_a_done_task_can_be_reopened() -> None:
    given(CREATED, TaskCompleted()).when(ReopenTask(task_id=TASK)).then(TaskReopened())


def test_toggling_completes_an_open_task_and_reopens_a_done_one() -> None:
    given(CREATED).when(ToggleTask(task_id=TASK)).then(TaskCompleted())
    given(CREATED, TaskCompleted()).when(ToggleTask(task_id=TASK)).then(TaskReopened())


def test_reopening_an_open_task_changes_nothing() -> None:
    given(CREATED).when(ReopenTask(task_id=TASK)).then_nothing_happens()


def test_a_done_task_can_still_be_renamed() -> None:
    given(CREATED, TaskCompleted()).when(EditTask(task_id=TASK, title="Tea")).then(
        TaskRenamed(title="Tea")
    )


def test_a_task_can_be_deleted() -> None:
    given(CREATED).when(DeleteTask(task_id=TASK)).then(TaskDeleted())


def test_a_deleted_task_can_be_restored() -> None:
    given(CREATED, TaskDeleted()).when(RestoreTask(task_id=TASK)).then(TaskRestored())


def test_a_restored_task_is_what_it_was() -> None:
    past = given(CREATED, TaskCompleted(), TaskDeleted(), TaskRestored())
    past.when(CompleteTask(task_id=TASK)).then_nothing_happens()
    past.when(EditTask(task_id=TASK, title="Buy milk")).then_nothing_happens()


def test_restoring_a_task_that_is_there_changes_nothing() -> None:
    given(CREATED).when(RestoreTask(task_id=TASK)).then_nothing_happens()


ON_A_TASK = [
    EditTask(task_id=TASK, title="x"),
    CompleteTask(task_id=TASK),
    ReopenTask(task_id=TASK),
    ToggleTask(task_id=TASK),
    DeleteTask(task_id=TASK),
]


@pytest.mark.parametrize("command", [*ON_A_TASK, RestoreTask(task_id=TASK)])
def test_nothing_can_be_asked_of_a_task_that_does_not_exist(command: TaskCommand) -> None:
    given().when(command).then_refused(TaskNotFoundError)


@pytest.mark.parametrize("command", ON_A_TASK)
def test_a_deleted_task_can_only_be_restored(command: TaskCommand) -> None:
    given(CREATED, TaskDeleted()).when(command).then_refused(TaskDeletedError)
