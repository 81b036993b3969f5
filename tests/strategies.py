"""What Hypothesis may invent: texts, commands and histories."""

from hypothesis import strategies as st

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

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)
titles = texts.filter(bool)
orders = st.floats(min_value=-1e15, max_value=1e15)
priorities = st.sampled_from(Priority)
tags = st.lists(st.sampled_from(["a", "b b", 'c"\\', "d'ü"]), unique=True).map(sorted).map(tuple)
dues = st.sampled_from(
    [
        "",
        "2026-12-24",
        "2026-12-24T17:00:00+01:00[Europe/Vienna]",
        "1970-01-01T00:00:00-00:44:30[X]",
    ]
)
task_ids = st.integers(1, 4)
"""Few, so that invented commands often meet the same task."""

events: st.SearchStrategy[TaskEvent] = st.one_of(
    st.builds(
        TaskCreated,
        title=titles,
        description=texts,
        order=orders,
        priority=priorities,
        tags=tags,
        due=dues,
    ),
    st.builds(TaskRenamed, title=titles),
    st.builds(TaskDescribed, description=texts),
    st.builds(TaskReordered, order=orders),
    st.builds(TaskPrioritised, priority=priorities),
    st.builds(TaskRetagged, tags=tags),
    st.builds(TaskRescheduled, due=dues),
    st.sampled_from([TaskCompleted(), TaskReopened(), TaskDeleted(), TaskRestored()]),
)

commands: st.SearchStrategy[TaskCommand] = st.one_of(
    st.builds(
        CreateTask,
        title=titles,
        description=texts,
        order=st.none() | orders,
        priority=priorities,
        tags=tags,
        due=dues,
        completed=st.booleans(),
    ),
    st.builds(
        EditTask,
        task_id=task_ids,
        title=st.none() | titles,
        description=st.none() | texts,
        order=st.none() | orders,
        priority=st.none() | priorities,
        tags=st.none() | tags,
        due=st.none() | dues,
        completed=st.none() | st.booleans(),
    ),
    st.builds(
        ReplaceTask,
        task_id=task_ids,
        title=titles,
        description=texts,
        order=st.none() | orders,
        priority=priorities,
        tags=tags,
        due=dues,
        completed=st.booleans(),
    ),
    st.builds(CompleteTask, task_id=task_ids),
    st.builds(ReopenTask, task_id=task_ids),
    st.builds(ToggleTask, task_id=task_ids),
    st.builds(DeleteTask, task_id=task_ids),
    st.builds(RestoreTask, task_id=task_ids),
)
