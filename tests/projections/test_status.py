import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.bell import Bell
from events.database import Connection, Pool
from events.statements import statement
from projections.daily_activity import DAILY_ACTIVITY
from projections.following.pause import pause
from projections.following.projectors import open_projectors
from projections.generation import Phase
from projections.projection import Mode
from projections.registry import PROJECTIONS
from projections.status import lag
from projections.status.lag import Lag, measure_lag
from projections.status.status import Condition, Previous, ProjectionStatus
from projections.status.statuses import find_statuses
from tests.people import asking
from tests.projections.watch import Watch

pytestmark = pytest.mark.anyio

NAME = DAILY_ACTIVITY.name

AGE = """
    update taskfold.event set recorded_at = clock_timestamp() - make_interval(secs => %s)
    where sequence = %s
"""


async def _create(handler: CommandHandler, count: int) -> None:
    await asyncio.gather(
        *(handler.handle(asking("ada"), CreateTask(title="a")) for _ in range(count))
    )


async def _status(connection: Connection, name: str = NAME) -> ProjectionStatus:
    [status] = await find_statuses(connection, [PROJECTIONS[name]])
    return status


async def _set(connection: Connection, change: str) -> None:
    await connection.execute(b"update taskfold.projection set " + change.encode())


async def test_every_projection_is_there_in_order(own_connection: Connection) -> None:
    statuses = await find_statuses(own_connection)
    assert [status.name for status in statuses] == list(PROJECTIONS)


async def test_an_inline_projection_is_never_behind(
    own_connection: Connection, own_handler: CommandHandler
) -> None:
    await _create(own_handler, 3)
    status = await _status(own_connection, "task")
    assert (status.mode, status.condition) == (Mode.INLINE, Condition.LIVE)
    assert (status.position, status.lag, status.owner) == (None, Lag(), None)


async def test_one_that_nobody_runs_falls_behind_and_says_so(
    own_connection: Connection, own_handler: CommandHandler
) -> None:
    await _create(own_handler, 5)
    status = await _status(own_connection)
    assert (status.condition, status.owner, status.position) == (Condition.LIVE, None, 0)
    assert (status.lag.events, status.lag.exact) == (5, True)


async def test_one_that_is_run_is_up_to_date_and_names_who_runs_it(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    async with open_projectors(own, bell, watch.projected) as projectors:
        await _create(own_handler, 5)
        found = await watch.caught_up(NAME)
        status = await _status(own_connection)
        [projector] = projectors.running
        assert (status.owner, status.position) == (projector.owner, found.position)
    assert status.owned_until is not None
    assert status.lag == Lag()


async def test_an_owner_whose_lease_has_ended_is_none(own_connection: Connection) -> None:
    await _set(own_connection, "owner = 'gone', owned_until = now()")
    status = await _status(own_connection)
    assert (status.owner, status.owned_until) == (None, None)


async def test_lag_is_told_in_seconds_between_events_and_by_the_age_of_the_oldest(
    own_connection: Connection, own_handler: CommandHandler
) -> None:
    await _create(own_handler, 3)
    await own_connection.execute("alter table taskfold.event disable trigger user")
    await own_connection.execute("grant update on taskfold.event to current_user")
    for sequence, age in ((1, 100), (2, 70), (3, 10)):
        await own_connection.execute(AGE, [age, sequence])
    cursor = await own_connection.execute("select position from taskfold.event order by position")
    first, second, third = [int(str(position)) for (position,) in await cursor.fetchall()]
    assert await _rounded(own_connection, 0) == (3, 90, 100)
    assert await _rounded(own_connection, first) == (2, 90, 70)
    assert await _rounded(own_connection, second) == (1, 60, 10)
    assert await _rounded(own_connection, third) == (0, 0, 0)


async def _rounded(connection: Connection, position: int) -> tuple[int, int, int]:
    found = await measure_lag(connection, position)
    return found.events, round(found.seconds), round(found.oldest_seconds)


async def test_beyond_a_bound_the_distance_in_positions_is_told_as_the_most_there_can_be(
    own_connection: Connection, own_handler: CommandHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    await own_connection.execute("select nextval('taskfold.event_position_seq')")
    await _create(own_handler, 5)
    monkeypatch.setattr(lag, "COUNTED", 5)
    exact = await measure_lag(own_connection, 0)
    monkeypatch.setattr(lag, "COUNTED", 4)
    bounded = await measure_lag(own_connection, 0)
    assert (exact.events, exact.exact) == (5, True)
    assert (bounded.events, bounded.exact) == (6, False)


async def test_an_empty_log_leaves_nobody_behind(own_connection: Connection) -> None:
    assert await measure_lag(own_connection, 0) == Lag()


async def test_the_lag_is_measured_without_reading_the_log_through(
    own_connection: Connection, own_handler: CommandHandler
) -> None:
    await _create(own_handler, 200)
    await own_connection.execute("analyze taskfold.event")
    await own_connection.execute("set enable_seqscan = off")
    cursor = await own_connection.execute(
        b"explain (costs off) " + statement("projections.status", "measure_lag").encode(),
        {"position": 100, "limit": 10},
    )
    plan = "\n".join(str(line) for (line,) in await cursor.fetchall())
    assert plan.count("event_position_idx") == 4
    assert "Seq Scan" not in plan


async def test_a_pause_is_told(own_connection: Connection) -> None:
    await pause(own_connection, NAME)
    status = await _status(own_connection)
    assert (status.condition, status.failure) == (Condition.PAUSED, None)
    assert status.paused_at is not None


async def test_a_table_that_is_not_filled_or_not_known_is_told(
    own_connection: Connection,
) -> None:
    await _set(own_connection, "version = 0")
    assert (await _status(own_connection)).condition is Condition.NOT_FILLED
    await own_connection.execute("delete from taskfold.projection")
    status = await _status(own_connection)
    assert (status.condition, status.generation) == (Condition.NOT_FILLED, 0)


async def test_a_table_that_older_code_has_filled_is_told(own_connection: Connection) -> None:
    newer = replace(DAILY_ACTIVITY, version=DAILY_ACTIVITY.version + 1)
    [status] = await find_statuses(own_connection, [newer])
    assert (status.condition, status.live_version, status.version) == (Condition.OUTDATED, 1, 2)


async def test_a_rebuild_is_told_with_its_rate_and_what_is_left(
    own_connection: Connection,
) -> None:
    await own_connection.execute("""
        insert into taskfold.projection (
            name, generation, version, inline, state, phase, phase_began_at, resumed_at, events
        )
        values (
            'daily_activity', 2, 1, false, 'building', 'replaying',
            now() - interval '1 day', now() - interval '10 s', 4000
        )
    """)
    await own_connection.execute("""
        insert into taskfold.projection_shard (
            name, shard, after_user, until_user, done_user, events
        )
        values ('daily_activity', 1, '', 'm', '', 600), ('daily_activity', 2, 'm', 'z', '', 400)
    """)
    status = await _status(own_connection)
    assert (status.condition, status.generation) == (Condition.REBUILDING, 1)
    assert status.rebuild is not None
    assert (status.rebuild.phase, status.rebuild.done) == (Phase.REPLAYING, 1000)
    assert (status.rebuild.events, status.rebuild.generation) == (4000, 2)
    assert status.rebuild.rate == pytest.approx(100, rel=0.1)
    assert status.rebuild.seconds_left == pytest.approx(30, rel=0.1)
    assert status.rebuild.phase_began_at < status.rebuild.started_at + timedelta(seconds=1)


async def test_a_table_kept_for_a_rollback_is_told(own_connection: Connection) -> None:
    await own_connection.execute(
        "insert into taskfold.projection (name, generation, version, inline, state)"
        " values ('daily_activity', 7, 3, false, 'previous')"
    )
    status = await _status(own_connection)
    assert status.previous == Previous(generation=7, version=3)
    assert status.condition is Condition.LIVE
