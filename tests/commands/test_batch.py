"""Several commands in one: in order, together or not at all, and once for each key."""

import asyncio
from dataclasses import replace

import pytest

from commands.errors import (
    BatchRefusedError,
    KeyReusedError,
    QueueFullError,
    TaskNotFoundError,
    TaskNotStartedError,
    WrongVersionError,
)
from commands.handler import CommandHandler, open_handler
from commands.receipt import Receipt
from commands.tasks import (
    Batch,
    CompleteTask,
    CreateTask,
    DeleteTask,
    EditTask,
    ReplaceTask,
    Step,
    TaskCommand,
)
from events.binding import UserReader
from events.database import Connection, Pool
from projections.inline import project
from projections.queries.tasks import list_tasks
from tests.history import chain_of, events_of
from tests.people import asking

pytestmark = pytest.mark.anyio

CREATE = Step(command=CreateTask(title="a"), starts="t")


def of_t(command: TaskCommand, key: str | None = None) -> Step:
    """A step about the task that the batch has started."""
    return Step(command=command, task="t", key=key)


def told(outcomes: tuple[object, ...]) -> list[object]:
    """What became of steps: the task and its version, or the class of the refusal."""
    return [
        (outcome.task_id, outcome.version) if isinstance(outcome, Receipt) else type(outcome)
        for outcome in outcomes
    ]


async def test_each_step_sees_what_those_before_it_did(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    steps = (
        CREATE,
        of_t(EditTask(task_id=0, title="b", completed=True)),
        of_t(ReplaceTask(task_id=0, title="c")),
        Step(command=CreateTask(title="d")),
        Step(command=DeleteTask(task_id=1)),
    )
    receipt = await handler.handle(asking(user_id), Batch(steps=steps))
    assert told(receipt.steps) == [(1, 1), (1, 3), (1, 5), (2, 1), (1, 6)]
    assert (receipt.task_id, receipt.version, receipt.sequence) == (0, 5, 7)
    events = await events_of(connection, user_id)
    assert [event.chain for event in events] == chain_of(events)
    assert [event.metadata["command"] for event in events] == [
        "CreateTask",
        *["EditTask"] * 2,
        *["ReplaceTask"] * 2,
        "CreateTask",
        "DeleteTask",
    ]
    assert len({event.metadata["request_id"] for event in events}) == 1
    tasks = await list_tasks(UserReader(connection, user_id), limit=9)
    assert [task.title for task in tasks] == ["d"]


async def test_a_refused_step_keeps_no_other_from_being_carried_out(
    handler: CommandHandler, user_id: str
) -> None:
    steps = (Step(command=CompleteTask(task_id=1)), CREATE, Step(command=CompleteTask(task_id=1)))
    receipt = await handler.handle(asking(user_id), Batch(steps=steps))
    assert told(receipt.steps) == [TaskNotFoundError, (1, 1), (1, 2)]
    assert (receipt.version, receipt.changed) == (2, True)


async def test_an_atomic_batch_with_a_refused_step_changes_nothing_and_names_every_refusal(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="here before"))
    steps = (
        Step(command=CompleteTask(task_id=7)),
        Step(command=EditTask(task_id=1, title="b"), key="step"),
        Step(command=EditTask(task_id=1, title="c"), expected_versions=frozenset({9})),
    )
    with pytest.raises(BatchRefusedError) as refused:
        await handler.handle(asking(user_id, key="k"), Batch(steps=steps, atomic=True))
    outcomes = refused.value.outcomes
    assert told(outcomes) == [TaskNotFoundError, (1, 2), WrongVersionError]
    assert len(await events_of(connection, user_id)) == 1
    # Neither of its keys is used up, and the next command finds the task as it was.
    again = await handler.handle(asking(user_id, key="k"), Batch(steps=steps[1:2], atomic=True))
    assert (told(again.steps), again.replayed) == ([(1, 2)], False)


async def test_what_a_refused_atomic_batch_did_is_not_seen_by_its_neighbours_in_the_group(
    handler: CommandHandler, user_id: str
) -> None:
    refused = Batch(steps=(CREATE, Step(command=CompleteTask(task_id=9))), atomic=True)
    first, batch, last = await asyncio.gather(
        handler.handle(asking(user_id), CreateTask(title="first")),
        handler.handle(asking(user_id), refused),
        handler.handle(asking(user_id), CreateTask(title="last")),
        return_exceptions=True,
    )
    assert isinstance(batch, BatchRefusedError)
    assert isinstance(first, Receipt)
    assert isinstance(last, Receipt)
    assert (first.task_id, last.task_id, last.sequence) == (1, 2, 2)


async def test_a_retried_batch_is_answered_as_the_first_refusals_included(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id, key="used"), CompleteTask(task_id=1))
    await handler.handle(asking(user_id), CreateTask(title="b"))
    await handler.handle(asking(user_id), DeleteTask(task_id=2))
    unstarted = Step(command=CreateTask(title="c"), starts="u", key="used")
    steps = (
        CREATE,
        Step(command=CompleteTask(task_id=8)),
        Step(command=CompleteTask(task_id=2)),
        Step(command=EditTask(task_id=1, title="c"), expected_versions=frozenset({1, 7})),
        unstarted,
        Step(command=CompleteTask(task_id=0), task="u"),
    )
    batch = Batch(steps=steps)
    first = await handler.handle(asking(user_id, key="k"), batch)
    await handler.handle(asking(user_id), EditTask(task_id=3, title="later"))
    again = await handler.handle(asking(user_id, key="k"), batch)
    assert told(first.steps)[0] == (3, 1)
    assert told(first.steps)[4:] == [KeyReusedError, TaskNotStartedError]
    assert [str(step) for step in again.steps] == [str(step) for step in first.steps]
    assert replace(again, steps=()) == replace(first, steps=(), replayed=True)
    assert len(await events_of(connection, user_id)) == 6
    for other in (replace(batch, atomic=True), Batch(steps=steps[:-1]), Batch(steps=steps[::-1])):
        with pytest.raises(KeyReusedError):
            await handler.handle(asking(user_id, key="k"), other)


async def test_a_batch_that_is_refused_as_a_whole_is_kept_too(
    handler: CommandHandler, user_id: str
) -> None:
    batch = Batch(steps=(Step(command=CompleteTask(task_id=1)),))
    first = await handler.handle(asking(user_id, key="k"), batch)
    await handler.handle(asking(user_id), CreateTask(title="a"))
    again = await handler.handle(asking(user_id, key="k"), batch)
    assert told(first.steps) == told(again.steps) == [TaskNotFoundError]


async def test_steps_with_keys_may_come_again_in_any_other_batch_or_alone(
    pool: Pool, connection: Connection, user_id: str
) -> None:
    create = replace(CREATE, key="one")
    rename = of_t(EditTask(task_id=0, title="b"), key="two")
    complete = of_t(CompleteTask(task_id=0), key="three")
    async with open_handler(pool, project, queue_limit=10) as handler:
        await handler.handle(asking(user_id), CreateTask(title="before"))
        await handler.handle(asking(user_id), Batch(steps=(create, rename)))
    # A process that remembers nothing must find the task by the receipt of its creation.
    async with open_handler(pool, project, queue_limit=10) as handler:
        again = await handler.handle(asking(user_id), Batch(steps=(create, rename, complete)))
        alone = await handler.handle(asking(user_id, key="three"), CompleteTask(task_id=2))
    assert told(again.steps) == [(2, 1), (2, 2), (2, 3)]
    replayed = [isinstance(step, Receipt) and step.replayed for step in again.steps]
    assert replayed == [True, True, False]
    assert (alone.version, alone.replayed) == (3, True)
    assert len(await events_of(connection, user_id)) == 4


async def test_the_key_of_the_batch_is_no_key_for_a_step(
    handler: CommandHandler, user_id: str
) -> None:
    steps = (Step(command=CreateTask(title="a"), key="k"), Step(command=CreateTask(title="b")))
    receipt = await handler.handle(asking(user_id, key="k"), Batch(steps=steps))
    assert told(receipt.steps) == [KeyReusedError, (1, 1)]


async def test_a_version_that_is_expected_may_be_followed_by_what_earlier_steps_made_of_it(
    handler: CommandHandler, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))

    def rename(title: str, expected: int, key: str | None = None) -> Step:
        command = EditTask(task_id=1, title=title, description=title)
        return Step(command=command, key=key, expected_versions=frozenset({expected}))

    queue = (rename("b", 1, "one"), rename("c", 1, "two"))
    first = await handler.handle(asking(user_id), Batch(steps=queue[:1]))
    again = await handler.handle(asking(user_id), Batch(steps=queue))
    assert (told(first.steps), told(again.steps)) == ([(1, 3)], [(1, 3), (1, 5)])
    # Alone, the second is still the same command.
    assert told((await handler.handle(asking(user_id), Batch(steps=queue[1:]))).steps) == [(1, 5)]
    await handler.handle(asking(user_id), EditTask(task_id=1, title="somebody else's"))
    late = Batch(steps=(*queue, rename("d", 1), rename("e", 6), rename("f", 1), rename("g", 6)))
    receipt = await handler.handle(asking(user_id), late)
    refusal = WrongVersionError
    assert told(receipt.steps) == [(1, 3), (1, 5), refusal, (1, 8), refusal, (1, 10)]


async def test_a_step_that_expects_nothing_takes_along_what_those_around_it_expect(
    handler: CommandHandler, user_id: str
) -> None:
    def rename(title: str, expected: int | None = None, key: str | None = None) -> Step:
        versions = None if expected is None else frozenset({expected})
        return Step(command=EditTask(task_id=1, title=title), key=key, expected_versions=versions)

    await handler.handle(asking(user_id), CreateTask(title="a"))
    queue = (rename("b", 1, "one"), rename("c"), rename("d", 1))
    receipt = await handler.handle(asking(user_id), Batch(steps=queue))
    assert told(receipt.steps) == [(1, 2), (1, 3), (1, 4)]
    # What somebody else has done meanwhile is not the caller's own.
    again = (queue[0], rename("e"), rename("f", 1))
    receipt = await handler.handle(asking(user_id), Batch(steps=again))
    assert told(receipt.steps) == [(1, 2), (1, 5), WrongVersionError]


async def test_a_step_that_comes_again_and_expects_nothing_takes_nothing_along(
    handler: CommandHandler, user_id: str
) -> None:
    async def rename(*steps: tuple[str, int | None, str]) -> list[object]:
        batch = Batch(
            steps=tuple(
                Step(
                    command=EditTask(task_id=1, title=title),
                    key=key,
                    expected_versions=None if expected is None else frozenset({expected}),
                )
                for title, expected, key in steps
            )
        )
        return told((await handler.handle(asking(user_id), batch)).steps)

    await handler.handle(asking(user_id), CreateTask(title="a"))
    first, second = ("b", 1, "one"), ("c", None, "two")
    assert await rename(first) == [(1, 2)]
    await handler.handle(asking(user_id), EditTask(task_id=1, title="somebody else's"))
    assert await rename(second) == [(1, 4)]
    assert await rename(first, second, ("d", 1, "three")) == [(1, 2), (1, 4), WrongVersionError]


async def test_each_command_of_a_batch_has_a_place_in_the_queue(pool: Pool, user_id: str) -> None:
    batch = Batch(steps=(Step(command=CreateTask(title="a")),) * 3)
    async with open_handler(pool, project, queue_limit=4) as handler:
        outcomes = await asyncio.gather(
            *(handler.handle(asking(user_id), batch) for _ in range(3)), return_exceptions=True
        )
        assert handler.waiting == 0
    assert [Receipt, Receipt, QueueFullError] == [type(outcome) for outcome in outcomes]


async def test_batches_share_groups_that_stay_bounded(
    pool: Pool, connection: Connection, user_id: str
) -> None:
    batch = Batch(steps=(Step(command=CreateTask(title="a")),) * 50)
    async with open_handler(pool, project, queue_limit=1_000) as handler:
        await asyncio.gather(*(handler.handle(asking(user_id), batch) for _ in range(8)))
    cursor = await connection.execute(
        "select count(*) from taskfold.event where user_id = %s group by xmin", [user_id]
    )
    assert {int(str(row[0])) for row in await cursor.fetchall()} == {150, 100}
