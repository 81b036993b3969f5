import asyncio
from contextlib import aclosing

import pytest

from commands.handler import CommandHandler
from commands.tasks import CompleteTask, CreateTask
from events import barrier
from events.bell import Bell, heard
from events.database import Connection, Pool, open_pool
from events.follower import Follower
from projections.daily_activity import DAILY_ACTIVITY
from projections.errors import LeaseLostError
from projections.following.hold import Hold
from projections.following.lease import LEASE, claim
from projections.following.pause import pause, resume
from projections.following.projectors import Projectors, open_projectors
from projections.read_table import read_table
from tests.people import asking
from tests.projections.tally import plant, tallied, tally
from tests.projections.watch import Watch, eventually
from tests.proxies import proxy

pytestmark = pytest.mark.anyio

NAME = DAILY_ACTIVITY.name


async def _create(handler: CommandHandler, *users: str) -> None:
    await asyncio.gather(*(handler.handle(asking(user), CreateTask(title="a")) for user in users))


async def _activity(connection: Connection) -> list[tuple[object, ...]]:
    cursor = await connection.execute(
        "select user_id, created, completed, reopened, deleted from taskfold.daily_activity"
        " order by user_id"
    )
    return await cursor.fetchall()


async def test_rows_follow_the_log(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    async with open_projectors(own, bell, watch.projected):
        await _create(own_handler, "ada", "bob", "ada")
        await own_handler.handle(asking("ada"), CompleteTask(task_id=1))
        await watch.caught_up(NAME)
    assert await _activity(own_connection) == [("ada", 2, 1, 0, 0), ("bob", 1, 0, 0, 0)]


async def test_what_was_there_before_the_first_projector_is_applied(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    await _create(own_handler, *["ada"] * 300)
    async with open_projectors(own, bell, watch.projected, projections=[tally()]):
        await watch.caught_up("tally")
    assert await tallied(own_connection) == {"ada": 300}


async def test_whoever_waits_is_told_of_each_commit(
    own: Pool, own_handler: CommandHandler, bell: Bell
) -> None:
    projected = Bell()
    ring = projected.listen()
    async with open_projectors(own, bell, projected):
        await _create(own_handler, "ada")
        assert await heard(ring, within=10)


async def test_many_projectors_apply_each_event_once(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    projection = tally()
    crowd = [projection] * 5
    async with open_projectors(own, bell, watch.projected, projections=crowd):
        for _ in range(10):
            await _create(own_handler, *["ada", "bob"] * 20)
        found = await watch.caught_up("tally")
    assert await tallied(own_connection) == {"ada": 200, "bob": 200}
    assert found.failed_at is None


async def test_a_clean_stop_lets_the_next_one_go_on_at_once(
    own: Pool, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    for _ in range(3):
        async with open_projectors(own, bell, watch.projected):
            await _create(own_handler, "ada")
            await watch.caught_up(NAME, within=LEASE.total_seconds() / 2)
        assert (await watch.live(NAME)).owner is None


async def test_an_idle_lease_is_renewed_for_as_long_as_its_holder_lives(
    own: Pool, bell: Bell, watch: Watch
) -> None:
    async with open_projectors(own, bell, watch.projected):
        first = await watch.until(NAME, lambda found: found.owned_until is not None)
        later = await watch.until(NAME, lambda found: found.owned_until != first.owned_until)
    assert (later.owner, later.position) == (first.owner, first.position)


async def test_nothing_is_written_while_there_is_nothing_to_do(
    own: Pool, own_connection: Connection, bell: Bell, watch: Watch
) -> None:
    async with open_projectors(own, bell, watch.projected):
        first = await watch.until(NAME, lambda found: found.owner is not None)
        cursor = await own_connection.execute("select xmin::text from taskfold.projection")
        before = await cursor.fetchall()
        for _ in range(20):
            bell.ring()
            await asyncio.sleep(0)
        cursor = await own_connection.execute("select xmin::text from taskfold.projection")
        assert (await cursor.fetchall(), first.position) == (before, 0)


async def _hold(pool: Pool, owner: str) -> Hold:
    async with pool.connection() as connection:
        lease = await claim(connection, DAILY_ACTIVITY, owner)
    assert lease is not None
    return Hold(pool, read_table(DAILY_ACTIVITY), lease, frozenset())


async def test_a_projection_belongs_to_one_until_its_lease_ends(
    own: Pool, own_connection: Connection
) -> None:
    await _hold(own, "first")
    assert await claim(own_connection, DAILY_ACTIVITY, "second") is None
    await own_connection.execute("update taskfold.projection set owned_until = now()")
    assert await claim(own_connection, DAILY_ACTIVITY, "second") is not None


async def test_a_stale_owner_that_wakes_up_cannot_write(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await _create(own_handler, "ada", "ada")
    stale = await _hold(own, "stale")
    async with aclosing(Follower(own, Bell()).batches()) as batches:
        batch = await anext(batches)
    await own_connection.execute("update taskfold.projection set owned_until = now()")
    async with open_projectors(own, bell, watch.projected):
        await watch.caught_up(NAME)
        with pytest.raises(LeaseLostError):
            await stale.apply(batch, batch[-1].position)
        with pytest.raises(LeaseLostError):
            await stale.lease.keep(own_connection)
    assert await _activity(own_connection) == [("ada", 2, 0, 0, 0)]


@pytest.mark.parametrize(
    "meanwhile",
    [
        "set position = 1",
        "set owner = 'another'",
        "set paused_at = now()",
        "set state = 'previous'",
        "set generation = 2",
    ],
)
async def test_whoever_believes_what_is_no_longer_so_writes_no_rows(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, meanwhile: str
) -> None:
    await _create(own_handler, "ada")
    hold = await _hold(own, "me")
    batch = await Follower(own, Bell()).next_batch()
    await own_connection.execute(
        b"update taskfold.projection " + meanwhile.encode() + b" where name = 'daily_activity'"
    )
    with pytest.raises(LeaseLostError):
        await hold.apply(batch, batch[-1].position)
    assert await _activity(own_connection) == []


async def test_a_table_of_newer_code_is_left_alone(own_connection: Connection) -> None:
    await own_connection.execute("update taskfold.projection set version = 2")
    assert await claim(own_connection, DAILY_ACTIVITY, "me") is None


async def test_a_pause_takes_hold_within_a_batch_and_a_resume_goes_on(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    async with open_projectors(own, bell, watch.projected):
        await _create(own_handler, "ada")
        before = await watch.caught_up(NAME)
        assert await pause(own_connection, NAME)
        await _create(own_handler, "ada")
        await own_handler.handle(asking("ada"), CompleteTask(task_id=1))
        paused = await watch.live(NAME)
        assert (paused.position, paused.owner) == (before.position, None)
        assert not await pause(own_connection, NAME)
        assert await resume(own_connection, NAME)
        await watch.caught_up(NAME)
        assert not await resume(own_connection, NAME)
    assert await _activity(own_connection) == [("ada", 2, 1, 0, 0)]


async def test_a_switch_to_another_table_is_followed(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    async with open_projectors(own, bell, watch.projected):
        await _create(own_handler, "ada")
        await watch.caught_up(NAME)
        async with own_connection.transaction():
            await own_connection.execute(
                "update taskfold.projection set state = 'previous' where name = 'daily_activity'"
            )
            await own_connection.execute(
                "alter table taskfold.daily_activity rename to daily_activity_g1"
            )
            await own_connection.execute(
                "create table taskfold.daily_activity"
                " (like taskfold.daily_activity_g1 including all)"
            )
            await own_connection.execute(
                "insert into taskfold.projection (name, generation, version, inline, state)"
                " values ('daily_activity', 2, 1, false, 'live')"
            )
        await _create(own_handler, "bob")
        found = await watch.caught_up(NAME)
    assert found.generation == 2
    assert await _activity(own_connection) == [("ada", 1, 0, 0, 0), ("bob", 1, 0, 0, 0)]


async def test_an_answer_to_a_commit_that_was_lost_doubles_nothing(
    own_url: str, own_connection: Connection, own_handler: CommandHandler, watch: Watch
) -> None:
    await plant(own_connection)
    async with (
        proxy(own_url) as (between, url),
        open_pool(url, size=3) as far,
        open_projectors(far, Bell(), watch.projected, projections=[tally()]),
    ):
        await _create(own_handler, "ada")
        await watch.caught_up("tally")
        between.lose_commit = True
        await _create(own_handler, "ada", "ada")
        await watch.caught_up("tally")
        await _create(own_handler, "ada")
        await watch.caught_up("tally")
    assert between.lost == 1
    assert await tallied(own_connection) == {"ada": 4}


async def test_connections_that_are_lost_lose_nothing(
    own_url: str, own_connection: Connection, own_handler: CommandHandler, watch: Watch
) -> None:
    await plant(own_connection)
    async with (
        open_pool(own_url, size=3) as far,
        open_projectors(far, Bell(), watch.projected, projections=[tally()]),
    ):
        for _ in range(3):
            await _create(own_handler, *["ada"] * 50)
            async with far.connection() as victim:
                pid = victim.info.backend_pid
            await own_connection.execute("select pg_terminate_backend(%s, 5000)", [pid])
            await _create(own_handler, *["ada"] * 50)
        await watch.caught_up("tally")
    assert await tallied(own_connection) == {"ada": 300}


async def test_a_projector_ends_with_its_pool(own_url: str, watch: Watch) -> None:
    async with (
        open_pool(own_url, size=2) as far,
        open_projectors(far, Bell(), watch.projected) as projectors,
    ):
        [projector] = projectors.running
        await watch.until(NAME, lambda found: found.owner == projector.owner)
        await far.close()
        async with asyncio.timeout(10):
            await projector.run()


async def test_a_mark_that_cannot_rise_is_told_apart_from_an_idle_log(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, watch: Watch
) -> None:
    bell = Bell()
    async with open_projectors(own, bell, watch.projected) as projectors:
        await _create(own_handler, "ada")
        await watch.caught_up(NAME)
        assert projectors.stalled == 0
        async with own_connection.transaction():
            # A writer that has taken its place and does not commit.
            await barrier.enter(own_connection)
            await _create(own_handler, "ada")
            await eventually(lambda: projectors.stalled > 0.2)
        await watch.caught_up(NAME)
        assert projectors.stalled == 0
    assert Projectors().stalled == 0


async def test_lease_and_rows_agree_after_an_interrupted_stop(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    for _ in range(8):
        async with open_projectors(own, bell, watch.projected, projections=[tally()]):
            # Stopped in the midst of whatever it is at.
            await _create(own_handler, *["ada"] * 40)
    async with open_projectors(own, bell, watch.projected, projections=[tally()]):
        await watch.caught_up("tally")
    assert await tallied(own_connection) == {"ada": 320}
