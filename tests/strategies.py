"""What Hypothesis may invent: texts, commands and histories."""

from hypothesis import strategies as st

from commands.tasks import (
    CompleteTask,
    CreateTask,
    DeleteTask,
    EditTask,
    ReopenTask,
    RestoreTask,
    TaskCommand,
    ToggleTask,
)
from events.tasks import (
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskDescribed,
    TaskEvent,
    TaskRenamed,
    TaskReopened,
    TaskReordered,
    TaskRestored,
)

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)
titles = texts.filter(bool)
orders = st.floats(min_value=-1e15, max_value=1e15)
task_ids = st.integers(1, 4)
"""Few, so that invented commands often meet the same task."""

events: st.SearchStrategy[TaskEvent] = st.one_of(
    st.builds(TaskCreated, title=titles, description=texts, order=orders),
    st.builds(TaskRenamed, title=titles),
    st.builds(TaskDescribed, description=texts),
    st.builds(TaskReordered, order=orders),
    st.sampled_from([TaskCompleted(), TaskReopened(), TaskDeleted(), TaskRestored()]),
)

commands: st.SearchStrategy[TaskCommand] = st.one_of(
    st.builds(
        CreateTask,
        title=titles,
        description=texts,
        order=st.none() | orders,
        completed=st.booleans(),
    ),
    st.builds(
        EditTask,
        task_id=task_ids,
        title=st.none() | titles,
        description=st.none() | texts,
        order=st.none() | orders,
        completed=st.none() | st.booleans(),
    ),
    st.builds(CompleteTask, task_id=task_ids),
    st.builds(ReopenTask, task_id=task_ids),
    st.builds(ToggleTask, task_id=task_ids),
    st.builds(DeleteTask, task_id=task_ids),
    st.builds(RestoreTask, task_id=task_ids),
)
