import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.database import Connection, Pool
from projections.registry import PROJECTIONS, AnyProjection
from projections.task import TASK
from projections.task_change import TASK_CHANGE
from projections.verification.check import check
from projections.verification.comparison import Comparison, Difference
from tests.people import asking
from tests.rebuild.conftest import EVENTS

pytestmark = pytest.mark.anyio


async def _checked(
    pool: Pool, projection: AnyProjection, *, user: str | None = None, sample: float = 100
) -> tuple[int, Comparison]:
    events, found = 0, Comparison()
    async for part in check(pool, projection, user=user, sample=sample):
        events += part.events
        found += part.live
    return events, found


@pytest.mark.parametrize("name", ["task", "task_change"])
async def test_a_table_as_history_gives_it_has_no_differences(
    own: Pool, looking: Connection, name: str
) -> None:
    del looking
    events, found = await _checked(own, PROJECTIONS[name])
    assert events == EVENTS
    assert found.differences == 0
    assert found.found == found.expected
    assert found.found.rows == {"task": 6, "task_change": 21}[name]


async def test_what_was_changed_removed_or_added_behind_our_back_is_found(
    own: Pool, looking: Connection
) -> None:
    await looking.execute(
        "update taskfold.task set title = 'Coffee', version = 9"
        " where (user_id, task_id) = ('ada', 1)"
    )
    await looking.execute("delete from taskfold.task where (user_id, task_id) = ('bob', 2)")
    await looking.execute(
        "insert into taskfold.task select (r).* from ("
        " select jsonb_populate_record(task, '{\"task_id\": 7}') as r from taskfold.task"
        " where (user_id, task_id) = ('cyd', 2)) as copied"
    )
    _, found = await _checked(own, TASK)
    assert found.differences == 3
    assert found.found != found.expected
    assert {(d.what, str(dict(d.key)["user_id"]), dict(d.key)["task_id"]) for d in found.shown} == {
        ("different", "ada", 1),
        ("missing", "bob", 2),
        ("unexpected", "cyd", 7),
    }
    assert [d.columns for d in found.shown if d.what == "different"] == [["version", "title"]]


async def test_one_user_can_be_checked_alone(own: Pool, looking: Connection) -> None:
    await looking.execute("update taskfold.task_change set after = '1' where user_id = 'ada'")
    _, ada = await _checked(own, TASK_CHANGE, user="ada")
    events, bob = await _checked(own, TASK_CHANGE, user="bob")
    # All seven, although in Python one of the values that were there, true, is 1.
    assert ada.differences == 7
    assert (events, bob.differences) == (EVENTS // 3, 0)


async def test_a_difference_says_where_it_is_and_nothing_of_what_is_there(
    own: Pool, looking: Connection
) -> None:
    await looking.execute("update taskfold.task_change set actor = 'eve' where field = 'title'")
    _, found = await _checked(own, TASK_CHANGE, user="ada")
    first = min(found.shown, key=lambda difference: str(difference.key))
    assert first == Difference(
        key=[("user_id", "ada"), ("task_id", 1), ("field", "title"), ("sequence", 1)],
        columns=["actor"],
        what="different",
    )


async def test_a_sample_takes_some_users_whole(own: Pool, writer: CommandHandler) -> None:
    for number in range(60):
        await writer.handle(asking(f"user-{number}"), CreateTask(title="Tea"))
    counts = [(await _checked(own, TASK, sample=20))[1].found.rows for _ in range(8)]
    assert all(0 <= count < 66 for count in counts)
    assert len(set(counts)) > 1
    assert (await _checked(own, TASK, sample=100))[1].found.rows == 66


async def test_a_table_behind_the_log_is_compared_with_history_as_far_as_it_is(
    own: Pool, looking: Connection
) -> None:
    del looking
    _, found = await _checked(own, PROJECTIONS["daily_activity"])
    assert (found.differences, found.expected.rows) == (0, 0)
