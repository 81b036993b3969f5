"""What others do to a table and its rebuild at the wrong moment."""

import asyncio
import time

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.bell import Bell
from events.database import Connection, Pool
from projections.daily_activity import DAILY_ACTIVITY
from projections.following.projectors import open_projectors
from projections.generation import Phase, State
from projections.rebuild import generations, switch
from projections.rebuild.beginning import begin_rebuild
from projections.rebuild.catch_up import catch_up
from projections.rebuild.ending import cancel, drop_previous
from projections.rebuild.errors import (
    BuildDiffersError,
    DependentObjectsError,
    LiveDiffersError,
    SwitchTimeoutError,
    TableInUseError,
)
from projections.rebuild.phases import go_on, let_pass
from projections.rebuild.shards import totals
from projections.task import TASK
from projections.verification.check import check
from tests.people import asking
from tests.projections.watch import Watch
from tests.rebuild.rebuilding import (
    carry_on,
    folded_rows,
    live_rows,
    rebuild,
    roll_back,
    states,
)

pytestmark = pytest.mark.anyio


async def _differences(pool: Pool) -> list[tuple[str, tuple[str, ...]]]:
    parts = [part.live async for part in check(pool, TASK)]
    return [(d.what, tuple(d.columns)) for part in parts for d in part.shown]


async def test_whoever_is_late_to_judge_lets_nothing_pass_that_is_verified_anew(
    own: Pool, looking: Connection
) -> None:
    await rebuild(own, TASK, until=Phase.FOLLOWING)
    await looking.execute("update taskfold.task_g2 set version = version + 1")
    with pytest.raises(BuildDiffersError):
        await carry_on(own, TASK, accept=True)
    judged = (await states(looking, "task"))[State.BUILDING]
    await go_on(own, judged, Phase.FOLLOWING)
    await let_pass(own, judged, accept=True)
    following = (await states(looking, "task"))[State.BUILDING]
    assert following.phase is Phase.FOLLOWING
    await go_on(own, following, Phase.VERIFYING)
    assert (await totals(looking, "task")).left
    await let_pass(own, judged, accept=True)
    assert (await states(looking, "task"))[State.BUILDING].phase is Phase.VERIFYING


async def test_any_number_may_rebuild_together_and_all_of_them_end(
    own: Pool, looking: Connection
) -> None:
    for turn in range(2, 8):
        async with asyncio.timeout(30):
            found = await asyncio.gather(*(rebuild(own, TASK) for _ in range(3)))
        assert {generation.generation for generation in found} == {turn}
    assert await live_rows(looking, TASK) == await folded_rows(looking, TASK)


async def test_nothing_is_left_to_catch_up_with_once_others_have_switched(
    own: Pool, looking: Connection
) -> None:
    await rebuild(own, TASK, until=Phase.SWITCHING)
    coming = (await states(looking, "task"))[State.BUILDING]
    await carry_on(own, TASK)
    assert await catch_up(own, TASK, coming) == 0
    await switch.switch(own, TASK, coming)
    assert (await states(looking, "task"))[State.LIVE].generation == 2


async def test_the_number_of_a_table_is_never_given_twice(own: Pool, looking: Connection) -> None:
    stale = await begin_rebuild(own, TASK)
    await cancel(own, TASK)
    assert (await begin_rebuild(own, TASK)).generation == stale.generation + 1
    await go_on(own, stale, Phase.INDEXING)
    assert (await states(looking, "task"))[State.BUILDING].phase is Phase.REPLAYING
    await carry_on(own, TASK)
    await rebuild(own, TASK)
    await roll_back(own, TASK)
    await drop_previous(own, TASK)
    assert (await begin_rebuild(own, TASK)).generation == 5


async def test_a_rebuild_called_off_by_somebody_who_died_over_it_is_cleared_away(
    own: Pool, looking: Connection
) -> None:
    await begin_rebuild(own, TASK)
    await looking.execute("update taskfold.projection set phase = null where state = 'building'")
    assert (await rebuild(own, TASK)).generation == 3
    await begin_rebuild(own, TASK)
    await looking.execute("update taskfold.projection set phase = null where state = 'building'")
    await cancel(own, TASK)
    assert set(await states(looking, "task")) == {State.LIVE, State.PREVIOUS}


async def test_rows_of_somebody_without_a_log_are_found(own: Pool, looking: Connection) -> None:
    await looking.execute(
        "insert into taskfold.task select (r).* from ("
        " select jsonb_populate_record(task, jsonb_build_object('user_id', who, 'task_id', 1)) as r"
        " from taskfold.task, unnest(array['bea', 'zoe']) as who"
        " where (user_id, task_id) = ('cyd', 2)) as copied"
    )
    assert await _differences(own) == [("unexpected", ())] * 2
    with pytest.raises(LiveDiffersError, match="2 rows"):
        await rebuild(own, TASK)


async def test_values_that_nothing_of_ours_can_hold_are_differences_like_others(
    own: Pool, looking: Connection
) -> None:
    await looking.execute("update taskfold.task set updated_at = 'infinity' where user_id = 'ada'")
    await looking.execute(
        "update taskfold.task_change set after = '12345678901234567890123' where field = 'order'"
    )
    assert await _differences(own) == [("different", ("updated_at",))] * 2
    with pytest.raises(LiveDiffersError, match="2 rows"):
        await rebuild(own, TASK)


async def test_what_an_operator_has_added_to_a_table_is_there_after_a_rebuild(
    own: Pool, looking: Connection
) -> None:
    await looking.execute(
        "grant select on taskfold.task to public, pg_monitor;"
        "create index task_title_length on taskfold.task (user_id, length(title))"
        " where deleted_at is null;"
        "create policy tests_own on taskfold.task for select using (title <> '{}');"
        "alter table taskfold.task enable row level security;"
    )
    described = (
        "select (select string_agg(acl::text, ' ' order by acl::text) from unnest(relacl) as acl),"
        " relrowsecurity::text from pg_class where oid = 'taskfold.task'::regclass"
        " union all select indexname, indexdef from pg_indexes where tablename = 'task'"
        " union all select policyname, qual from pg_policies where tablename = 'task' order by 1"
    )
    before = await (await looking.execute(described)).fetchall()
    await rebuild(own, TASK)
    await rebuild(own, TASK)
    assert await (await looking.execute(described)).fetchall() == before


async def test_what_would_stay_with_the_old_table_is_named_before_anything_is_begun(
    own: Pool, looking: Connection
) -> None:
    await looking.execute("create view taskfold.mine as select title from taskfold.task")
    with pytest.raises(DependentObjectsError, match=r"hang the view (taskfold\.)?mine"):
        await begin_rebuild(own, TASK)
    assert set(await states(looking, "task")) == {State.LIVE}


async def test_a_long_reader_is_not_waited_for_and_the_switch_is_made_after_it(
    own: Pool,
    writer: CommandHandler,
    looking: Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(switch, "PAUSE", 0.05)
    async with own.connection() as reader:
        async with reader.transaction():
            await reader.execute("lock table taskfold.task in access share mode")
            with monkeypatch.context() as patch:
                patch.setattr(switch, "ATTEMPTS", 2)
                with pytest.raises(SwitchTimeoutError, match="stands in the way"):
                    await rebuild(own, TASK)
            began = time.monotonic()
            await writer.handle(asking("ada"), CreateTask(title="Meanwhile"))
            assert time.monotonic() - began < 1
            waiting = asyncio.create_task(carry_on(own, TASK))
            await writer.handle(asking("ada"), CreateTask(title="Meanwhile"))
        await waiting
    assert (await states(looking, "task"))[State.LIVE].generation == 2
    assert await live_rows(looking, TASK) == await folded_rows(looking, TASK)


async def test_dropping_and_calling_off_wait_for_nobody_long(
    own: Pool, looking: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await rebuild(own, TASK)
    monkeypatch.setattr(generations, "PATIENCE", "100ms")
    async with own.connection() as dump, dump.transaction():
        await dump.execute("lock table taskfold.task_g1 in access share mode")
        with pytest.raises(TableInUseError):
            await drop_previous(own, TASK)
    await begin_rebuild(own, TASK)
    async with own.connection() as dump, dump.transaction():
        await dump.execute("lock table taskfold.task_g3 in access share mode")
        with pytest.raises(TableInUseError):
            await cancel(own, TASK)
    await cancel(own, TASK)
    assert State.BUILDING not in await states(looking, "task")


async def test_the_way_back_of_a_table_that_lagged_begins_where_it_was(
    own: Pool, looking: Connection
) -> None:
    await rebuild(own, DAILY_ACTIVITY)
    found = await states(looking, DAILY_ACTIVITY.name)
    assert found[State.PREVIOUS].position == 0 < found[State.LIVE].position
    await roll_back(own, DAILY_ACTIVITY)
    live = await live_rows(looking, DAILY_ACTIVITY)
    assert live == await folded_rows(looking, DAILY_ACTIVITY) != {}


async def test_an_async_table_is_exchanged_under_its_projector(
    own: Pool, writer: CommandHandler, looking: Connection
) -> None:
    bell, watch = Bell(), Watch(own)

    async def write() -> None:
        for number in range(60):
            await writer.handle(asking("ada"), CreateTask(title=f"Task {number}"))
            bell.ring()

    async with open_projectors(own, bell, watch.projected):
        await watch.caught_up(DAILY_ACTIVITY.name)
        writing = asyncio.create_task(write())
        await rebuild(own, DAILY_ACTIVITY)
        await roll_back(own, DAILY_ACTIVITY)
        await rebuild(own, DAILY_ACTIVITY)
        await writing
        live = await watch.caught_up(DAILY_ACTIVITY.name)
    assert live.generation == 3
    rows = await live_rows(looking, DAILY_ACTIVITY)
    assert rows == await folded_rows(looking, DAILY_ACTIVITY)
    assert sum(row.created for row in rows.values()) == 60 + 2 * 3
