import asyncio
from dataclasses import replace

import pytest
from alembic import command

from commands.handler import CommandHandler
from commands.tasks import CreateTask, EditTask
from events.database import Connection, Pool
from events.envelope import LoggedEvent
from migrations.upgrade import configuration
from projections.daily_activity import DAILY_ACTIVITY
from projections.errors import (
    CannotApplyError,
    NotFailedThereError,
    NotThereError,
    UnhandledEventError,
)
from projections.following.pause import EventPlace, skip_event
from projections.generation import Phase, State
from projections.projection import Key
from projections.rebuild.beginning import begin_rebuild, begin_rollback
from projections.rebuild.ending import cancel, drop_previous
from projections.rebuild.errors import (
    BuildDiffersError,
    LiveDiffersError,
    OtherVersionError,
    RebuildRunningError,
)
from projections.rebuild.rebuild import Rebuild
from projections.registry import PROJECTIONS, AnyProjection
from projections.task import TASK, Task, evolve
from projections.task_change import TASK_CHANGE
from tests.people import asking
from tests.rebuild.conftest import EVENTS
from tests.rebuild.rebuilding import (
    SHOUTING,
    carry_on,
    folded_rows,
    live_rows,
    rebuild,
    roll_back,
    states,
)

pytestmark = pytest.mark.anyio

BY_NAME = pytest.mark.parametrize("projection", PROJECTIONS.values(), ids=PROJECTIONS)


async def _tables(connection: Connection) -> set[str]:
    cursor = await connection.execute(
        "select tablename from pg_tables where schemaname = 'taskfold'"
    )
    return {str(name) for (name,) in await cursor.fetchall()}


@BY_NAME
async def test_a_rebuilt_table_holds_what_a_fold_of_history_gives(
    own: Pool, looking: Connection, projection: AnyProjection
) -> None:
    generation = await rebuild(own, projection)
    live = (await states(looking, projection.name))[State.LIVE]
    assert (live.generation, live.version) == (generation.generation, projection.version) == (2, 1)
    assert live.phase is None
    assert generation.events == EVENTS
    assert await live_rows(looking, projection) == await folded_rows(looking, projection) != {}


@BY_NAME
async def test_what_happens_during_a_rebuild_is_in_the_new_table(
    own: Pool, writer: CommandHandler, looking: Connection, projection: AnyProjection
) -> None:
    rebuilding = Rebuild(pool=own, projection=projection)
    await begin_rebuild(own, projection)
    phases = list[Phase | None]()
    async for step in rebuilding.run():
        await writer.handle(asking("ada"), CreateTask(title=f"In phase {step.phase}"))
        await writer.handle(asking("new"), CreateTask(title="Somebody new"))
        phases.append(step.phase)
    assert dict.fromkeys(phases) == dict.fromkeys(Phase)
    if projection is DAILY_ACTIVITY:
        # Nobody follows the log for it here, so it may be behind, and never ahead.
        live = (await states(looking, projection.name))[State.LIVE]
        assert live.position > EVENTS
    else:
        assert await live_rows(looking, projection) == await folded_rows(looking, projection)


async def test_the_live_table_goes_on_after_the_switch(
    own: Pool, writer: CommandHandler, looking: Connection
) -> None:
    await rebuild(own, TASK)
    await rebuild(own, TASK_CHANGE)
    await writer.handle(asking("ada"), EditTask(task_id=2, title="Oat milk"))
    for projection in (TASK, TASK_CHANGE):
        assert await live_rows(looking, projection) == await folded_rows(looking, projection)


async def test_the_new_table_is_made_and_indexed_like_the_one_before(
    own: Pool, looking: Connection, url: str
) -> None:
    described = (
        "select c.relname, c.reloptions, a.attname, format_type(a.atttypid, a.atttypmod),"
        " a.attnotnull, co.collname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " left join pg_collation co on co.oid = a.attcollation"
        " where c.relnamespace = 'taskfold'::regnamespace and a.attnum > 0"
        " and c.relname in ('task', 'task_pkey') order by c.relname, a.attnum"
    )
    checks = (
        "select conname, pg_get_constraintdef(oid) from pg_constraint"
        " where conrelid = 'taskfold.task'::regclass and contype = 'c' order by conname"
    )

    async def look() -> list[object]:
        found = await (await looking.execute(described)).fetchall()
        return [*found, *await (await looking.execute(checks)).fetchall()]

    before = await look()
    await rebuild(own, TASK)
    assert before == await look()
    command.check(configuration(url))


async def test_a_rollback_brings_the_table_before_back_with_all_that_happened_since(
    own: Pool, writer: CommandHandler, looking: Connection
) -> None:
    await rebuild(own, TASK)
    await writer.handle(asking("ada"), CreateTask(title="Since then"))
    await roll_back(own, TASK)
    found = await states(looking, "task")
    assert found[State.LIVE].generation == 1
    assert found[State.PREVIOUS].generation == 2
    assert await live_rows(looking, TASK) == await folded_rows(looking, TASK)
    await roll_back(own, TASK)
    assert (await states(looking, "task"))[State.LIVE].generation == 2
    assert await live_rows(looking, TASK) == await folded_rows(looking, TASK)


async def test_only_the_table_before_is_kept_until_it_is_dropped(
    own: Pool, looking: Connection
) -> None:
    await rebuild(own, TASK)
    await rebuild(own, TASK)
    assert {name for name in await _tables(looking) if name.startswith("task_g")} == {"task_g2"}
    await drop_previous(own, TASK)
    assert "task_g2" not in await _tables(looking)
    with pytest.raises(NotThereError, match="no table that is previous"):
        await begin_rollback(own, TASK)
    with pytest.raises(NotThereError):
        await drop_previous(own, TASK)


async def test_a_bug_in_a_new_version_is_caught_before_the_switch(
    own: Pool, looking: Connection
) -> None:
    before = await live_rows(looking, TASK)
    with pytest.raises(LiveDiffersError, match="6 rows"):
        await rebuild(own, SHOUTING)
    assert before == await live_rows(looking, TASK)
    assert (await states(looking, "task"))[State.LIVE].version == 1
    await cancel(own, TASK)
    assert await _tables(looking) == await _tables_of_a_fresh_database(looking)
    assert State.BUILDING not in await states(looking, "task")


async def _tables_of_a_fresh_database(connection: Connection) -> set[str]:
    return {name for name in await _tables(connection) if "_g" not in name}


async def test_what_differs_can_be_accepted_and_taken_back(own: Pool, looking: Connection) -> None:
    with pytest.raises(LiveDiffersError):
        await rebuild(own, SHOUTING)
    await carry_on(own, SHOUTING, accept=True)
    assert (await states(looking, "task"))[State.LIVE].version == 2
    assert {row.title for row in (await live_rows(looking, TASK)).values()} == {"BLACK TEA", "MILK"}
    with pytest.raises(OtherVersionError, match="version 1"):
        await begin_rollback(own, SHOUTING)


async def test_a_refused_rebuild_is_verified_anew_once_the_reason_is_mended(
    own: Pool, looking: Connection
) -> None:
    await looking.execute("update taskfold.task set title = 'Tee' where user_id = 'ada'")
    with pytest.raises(LiveDiffersError, match="2 rows"):
        await rebuild(own, TASK)
    with pytest.raises(LiveDiffersError, match="2 rows"):
        await carry_on(own, TASK)
    await looking.execute(
        "update taskfold.task set title = case task_id when 1 then 'Black tea' else 'Milk' end"
    )
    await carry_on(own, TASK)
    assert (await states(looking, "task"))[State.LIVE].generation == 2


async def test_a_table_that_was_not_built_rightly_is_never_switched_to(
    own: Pool, looking: Connection
) -> None:
    await rebuild(own, TASK, until=Phase.FOLLOWING)
    await looking.execute("update taskfold.task_g2 set version = version + 1 where task_id = 1")
    with pytest.raises(BuildDiffersError, match="3 rows"):
        await carry_on(own, TASK, accept=True)
    assert (await states(looking, "task"))[State.LIVE].generation == 1


async def test_an_event_that_cannot_be_applied_stops_a_rebuild_and_is_named(
    own: Pool, looking: Connection
) -> None:
    def picky(task: Task | None, event: LoggedEvent, key: Key) -> Task:
        if (event.user_id, event.sequence) == ("bob", 4):
            raise UnhandledEventError(TASK.name, event)
        return evolve(task, event, key)

    with pytest.raises(CannotApplyError, match="event 4 of user bob"):
        await rebuild(own, replace(TASK, evolve=picky))
    stopped = (await states(looking, "task"))[State.BUILDING]
    assert stopped.phase is Phase.REPLAYING
    assert (stopped.failed_user_id, stopped.failed_sequence) == ("bob", 4)
    assert stopped.failure == "UnhandledEventError"
    with pytest.raises(NotFailedThereError):
        await skip_event(looking, "task", EventPlace("bob", 5))
    await skip_event(looking, "task", EventPlace("bob", 4))
    await carry_on(own, replace(TASK, evolve=picky), accept=True)
    live = (await states(looking, "task"))[State.LIVE]
    assert (live.generation, live.failed_at) == (2, None)
    assert (await live_rows(looking, TASK))["bob", 1].order != 0.5


async def test_a_skipped_event_is_left_out_by_whoever_folds(own: Pool, looking: Connection) -> None:
    await looking.execute(
        "insert into taskfold.projection_skip (user_id, sequence, name, type, failure)"
        " values ('bob', 5, 'task', 'TaskCompleted', 'ValueError')"
    )
    await rebuild(own, TASK, accept=True)
    rows = await live_rows(looking, TASK)
    assert all(row.completed_at for (who, task), row in rows.items() if task == 2 and who != "bob")
    assert rows["bob", 2].completed_at is None


async def test_two_may_rebuild_together(own: Pool, looking: Connection) -> None:
    first, second = await asyncio.gather(rebuild(own, TASK), rebuild(own, TASK))
    assert first.generation == second.generation == 2
    assert await live_rows(looking, TASK) == await folded_rows(looking, TASK)


async def test_a_rebuild_that_is_called_off_ends_wherever_it_is_carried_on(
    own: Pool, looking: Connection
) -> None:
    await begin_rebuild(own, TASK)
    async for _ in Rebuild(pool=own, projection=TASK).run():
        if State.BUILDING in await states(looking, "task"):
            await cancel(own, TASK)
    assert set(await states(looking, "task")) == {State.LIVE}
    with pytest.raises(NotThereError):
        await cancel(own, TASK)


async def test_a_rollback_can_be_called_off(own: Pool, looking: Connection) -> None:
    await rebuild(own, TASK)
    await begin_rollback(own, TASK)
    with pytest.raises(RebuildRunningError, match="rollback"):
        await begin_rebuild(own, TASK)
    with pytest.raises(RebuildRunningError, match="rollback"):
        await drop_previous(own, TASK)
    await cancel(own, TASK)
    found = await states(looking, "task")
    assert found[State.PREVIOUS].phase is None
    assert found[State.LIVE].generation == 2


async def test_there_is_no_rollback_during_a_rebuild(own: Pool, looking: Connection) -> None:
    await rebuild(own, TASK)
    await begin_rebuild(own, TASK)
    with pytest.raises(RebuildRunningError, match="rebuild"):
        await begin_rollback(own, TASK)
    assert (await states(looking, "task"))[State.BUILDING].generation == 3


async def test_a_rebuild_that_another_version_has_begun_is_not_joined(own: Pool) -> None:
    await begin_rebuild(own, TASK)
    with pytest.raises(OtherVersionError, match="version 2"):
        await begin_rebuild(own, SHOUTING)
