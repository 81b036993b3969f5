import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from commands.errors import RefusalError
from commands.handler import CommandHandler, open_handler
from commands.tasks import CreateTask, DeleteTask, EditTask, RestoreTask, TaskCommand
from events import clock
from events.binding import UserReader
from events.database import Connection, open_pool
from events.ids import new_id
from events.reader import read_log, recorded
from projections.inline import project
from projections.queries.differences import read_differences
from projections.queries.listing import Listing, Sort, TaskFilter, place_of
from projections.queries.moment import Moment, moment_of
from projections.queries.past import get_task_then, list_tasks_then, sequence_of
from projections.queries.tasks import list_tasks
from projections.queries.versions import get_task_versions
from projections.task import Task, evolve
from tests.people import asking
from tests.strategies import commands

pytestmark = pytest.mark.anyio

ALL = 1_000
NOW = datetime(2026, 12, 24, 12, tzinfo=UTC)

filters = st.builds(
    TaskFilter,
    completed=st.none() | st.booleans(),
    priority=st.none() | st.integers(0, 3),
    tags=st.sampled_from([(), (), ("a",), ("b b", 'c"\\')]),
    due_before=st.none() | st.just(NOW),
    due_after=st.none() | st.just(NOW),
    overdue_at=st.none() | st.just(NOW + timedelta(days=1)),
    updated_since=st.none() | st.just(NOW - timedelta(days=10**4)),
    text=st.sampled_from(["", "", "a", "tea", "tae", "milk tea"]),
)
listings = st.builds(Listing, filter=filters, sort=st.sampled_from(Sort), descending=st.booleans())
wordy = st.builds(
    EditTask,
    task_id=st.integers(1, 4),
    title=st.sampled_from(["Tea", "Oat milk", "Milk for tea", "Teá"]),
    description=st.sampled_from(["", "a tea", "milk"]),
)


async def moment(reader: UserReader, as_of: int | datetime | None) -> Moment:
    found = await moment_of(reader, as_of)
    assert found is not None
    return found


async def pages(reader: UserReader, then: Moment, listing: Listing, size: int) -> list[Task]:
    """A list as it was, walked page by page."""
    found = list[Task]()
    while page := await list_tasks_then(reader, then, listing, limit=size):
        found += page
        listing = Listing(
            filter=listing.filter,
            sort=listing.sort,
            descending=listing.descending,
            after=place_of(page[-1], listing.sort),
        )
    return found


async def folded(reader: UserReader, until: int) -> dict[int, Task]:
    """Every task as the first events of the log leave it."""
    tasks = dict[int, Task]()
    for row in await read_log(reader, limit=until):
        tasks[row.task_id] = evolve(tasks.get(row.task_id), recorded(row))
    return tasks


@given(
    asked=st.lists(commands | wordy, max_size=8),
    wanted=st.lists(listings, min_size=1, max_size=4),
    size=st.integers(1, 3),
)
def test_the_past_is_what_it_was(
    database_url: str, asked: list[TaskCommand], wanted: list[Listing], size: int
) -> None:
    asyncio.run(_the_past_is_what_it_was(database_url, asked, wanted, size))


async def _the_past_is_what_it_was(
    url: str, asked: list[TaskCommand], wanted: list[Listing], size: int
) -> None:
    user_id = new_id()
    async with (
        open_pool(url, size=2) as pool,
        open_handler(pool, project, queue_limit=100) as handler,
        pool.connection() as connection,
    ):
        reader = UserReader(connection, user_id)
        shown = dict[int, list[list[Task]]]()
        for command in [CreateTask(title="Tea"), *asked]:
            try:
                await handler.handle(asking(user_id), command)
            except RefusalError:
                continue
            head = (await moment(reader, None)).sequence
            shown[head] = [await list_tasks(reader, each, limit=ALL) for each in wanted]
        for sequence, lists in shown.items():
            then = await moment(reader, sequence)
            for listing, listed in zip(wanted, lists, strict=True):
                assert await pages(reader, then, listing, size) == listed
        await _every_event_is_a_moment(reader, max(shown))


async def _every_event_is_a_moment(reader: UserReader, head: int) -> None:
    states = [await folded(reader, until) if until else {} for until in range(head + 1)]
    for sequence, tasks in enumerate(states):
        then = await moment(reader, sequence)
        assert then.sequence == sequence
        for task_id in states[-1]:
            assert await get_task_then(reader, task_id, then) == tasks.get(task_id)
        versions = {task_id: task.version for task_id, task in tasks.items()}
        then_and_now = await get_task_versions(reader, versions)
        assert then_and_now == [*tasks.values()]
        newest = sorted((t for t in tasks.values() if not t.deleted_at), key=_newest_first)
        assert await list_tasks_then(reader, then, Listing(), limit=ALL) == newest
        await _what_became_of_it(reader, then, tasks, states[-1])


def _newest_first(task: Task) -> int:
    return -task.task_id


async def _what_became_of_it(
    reader: UserReader, then: Moment, before: dict[int, Task], after: dict[int, Task]
) -> None:
    now = await moment(reader, None)
    for first, second, one, other in ((then, now, before, after), (now, then, after, before)):
        found, seen = dict[int, tuple[Task | None, Task | None]](), 0
        while True:
            page = await read_differences(reader, first, second, limit=2, seen=seen)
            found |= {each.task_id: (each.before, each.after) for each in page.differences}
            if page.seen is None:
                break
            seen = page.seen
        assert found == {
            task_id: pair
            for task_id in sorted({*one, *other})
            if one.get(task_id) != other.get(task_id)
            and any(pair := (_listed(one.get(task_id)), _listed(other.get(task_id))))
        }


def _listed(task: Task | None) -> Task | None:
    return None if task is None or task.deleted_at else task


async def test_an_instant_is_the_moment_after_the_last_event_by_then(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    reader = UserReader(connection, user_id)
    before = clock.now()
    for title in ("a", "b", "c"):
        await handler.handle(asking(user_id), CreateTask(title=title))
    assert (await moment(reader, before)).sequence == 0
    for row in await read_log(reader, limit=3):
        at = await moment(reader, row.recorded_at)
        assert (at.sequence, at.recorded_at) == (row.sequence, row.recorded_at)
        just_before = await moment(reader, row.recorded_at - timedelta(microseconds=1))
        assert just_before.sequence == row.sequence - 1
    assert (await moment(reader, clock.now())).sequence == 3
    assert await moment_of(reader, 4) is None


async def test_nobody_has_a_past_before_the_first_event(
    connection: Connection, user_id: str
) -> None:
    reader = UserReader(connection, user_id)
    assert await moment(reader, 0) == await moment(reader, None)
    assert await list_tasks_then(reader, await moment(reader, 0), Listing(), limit=9) == []
    assert await moment_of(reader, 1) is None


async def test_a_version_leads_to_its_event_and_no_other_does(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    reader = UserReader(connection, user_id)
    for command in (
        CreateTask(title="a"),
        CreateTask(title="b"),
        EditTask(task_id=1, title="c"),
        DeleteTask(task_id=1),
        RestoreTask(task_id=1),
    ):
        await handler.handle(asking(user_id), command)
    found = [await sequence_of(reader, 1, version) for version in range(6)]
    assert found == [None, 1, 3, 4, 5, None]


async def test_somebody_elses_past_is_not_there(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    then = await moment(UserReader(connection, user_id), None)
    stranger = UserReader(connection, f"{user_id}-stranger")
    assert await get_task_then(stranger, 1, then) is None
    assert await list_tasks_then(stranger, then, Listing(), limit=9) == []
    assert (await read_differences(stranger, then, then, limit=9)).differences == []
