import asyncio
from collections.abc import Iterator

import psycopg
import pytest
import structlog
from psycopg_pool import PoolTimeout
from structlog.typing import EventDict

from commands.handler import CommandHandler
from commands.tasks import CompleteTask, CreateTask, EditTask
from events.bell import Bell
from events.database import Connection, Pool
from projections.daily_activity import DAILY_ACTIVITY
from projections.errors import CannotApplyError, LeaseLostError, NotFailedThereError
from projections.following.lease import Failure, claim
from projections.following.pause import EventPlace, pause, resume
from projections.following.poison import BATCH_PAUSES, blames_event
from projections.following.projectors import open_projectors
from projections.reason import reason
from projections.status.status import Condition, ProjectionStatus
from projections.status.statuses import find_statuses
from tests.people import asking
from tests.projections.tally import PoisonError, plant, tallied, tally
from tests.projections.watch import Watch, eventually

pytestmark = pytest.mark.anyio

SECRET = "nobody may read this in a log"
FAILURE = "CannotApplyError: PoisonError"
LONGER_THAN_PATIENCE = len(BATCH_PAUSES)
"""More attempts than a batch is given when it is to blame."""


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


async def _create(handler: CommandHandler, user_id: str, *titles: str) -> None:
    for title in titles:
        await handler.handle(asking(user_id), CreateTask(title=title))


async def _status(connection: Connection) -> ProjectionStatus:
    [status] = await find_statuses(connection, [tally()])
    return status


async def test_a_projection_stops_at_the_event_it_cannot_apply_and_has_all_before_it(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    await _create(own_handler, "ada", *["fine"] * 20, SECRET, *["fine"] * 20)
    async with open_projectors(own, bell, watch.projected, projections=[tally({SECRET})]):
        found = await watch.until("tally", lambda found: found.paused_at is not None)
    assert (found.failed_user_id, found.failed_sequence) == ("ada", 21)
    assert (found.failure, found.owner) == (FAILURE, None)
    assert await tallied(own_connection) == {"ada": 20}


async def test_only_the_projection_that_cannot_apply_it_stops(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    projections = [tally({SECRET}), DAILY_ACTIVITY]
    async with open_projectors(own, bell, watch.projected, projections=projections):
        await _create(own_handler, "ada", SECRET)
        await watch.until("tally", lambda found: found.failed_at is not None)
        await _create(own_handler, "ada", "fine")
        await watch.caught_up(DAILY_ACTIVITY.name)
    assert await tallied(own_connection) == {}


async def test_one_error_line_names_the_event_and_nothing_says_what_is_in_it(
    own: Pool,
    own_connection: Connection,
    own_handler: CommandHandler,
    bell: Bell,
    watch: Watch,
    logged: list[EventDict],
) -> None:
    await plant(own_connection)
    async with open_projectors(own, bell, watch.projected, projections=[tally({SECRET})]):
        await _create(own_handler, "ada", "fine", SECRET)
        await watch.until("tally", lambda found: found.failed_at is not None)
    errors = [line for line in logged if line["log_level"] == "error"]
    assert errors == [
        {
            "event": "projection.paused",
            "log_level": "error",
            "projection": "tally",
            "user_id": "ada",
            "sequence": 2,
            "type": "TaskCreated",
            "error": FAILURE,
        }
    ]
    assert SECRET not in str(logged)
    assert SECRET not in str(await watch.live("tally"))


async def test_the_status_names_the_event_until_the_projection_has_gone_on(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    poison = {SECRET}
    async with open_projectors(own, bell, watch.projected, projections=[tally(poison)]):
        await _create(own_handler, "ada", SECRET, "fine")
        await watch.until("tally", lambda found: found.failed_at is not None)
        stopped = await _status(own_connection)
        # As if better code had been deployed meanwhile.
        poison.clear()
        assert await resume(own_connection, "tally")
        await watch.caught_up("tally")
        running = await _status(own_connection)
    assert stopped.condition is Condition.FAILED
    assert stopped.failure == Failure(user_id="ada", sequence=1, reason=FAILURE)
    assert (running.condition, running.failure, running.skips) == (Condition.LIVE, None, [])
    assert await tallied(own_connection) == {"ada": 2}


async def test_a_resume_alone_stops_at_the_same_event_again(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    async with open_projectors(own, bell, watch.projected, projections=[tally({SECRET})]):
        await _create(own_handler, "ada", SECRET)
        first = await watch.until("tally", lambda found: found.failed_at is not None)
        await resume(own_connection, "tally")
        again = await watch.until(
            "tally", lambda found: found.failed_at not in {None, first.failed_at}
        )
    assert (again.failed_sequence, again.position) == (1, first.position)


async def test_an_event_is_skipped_when_told_and_that_stays_visible(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    async with open_projectors(own, bell, watch.projected, projections=[tally({SECRET})]):
        await _create(own_handler, "ada", "fine", SECRET, "fine")
        await watch.until("tally", lambda found: found.failed_at is not None)
        await resume(own_connection, "tally", skip=EventPlace("ada", 2))
        await watch.caught_up("tally")
    status = await _status(own_connection)
    assert await tallied(own_connection) == {"ada": 2}
    assert (status.condition, status.failure) == (Condition.LIVE, None)
    [skip] = status.skips
    assert (skip.user_id, skip.sequence, skip.type) == ("ada", 2, "TaskCreated")
    assert skip.reason == FAILURE
    async with own.connection() as connection:
        [other, *_] = await find_statuses(connection)
    assert other.skips == []


async def test_several_events_at_fault_are_met_one_after_the_other(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    await _create(own_handler, "ada", SECRET, SECRET, "fine")
    async with open_projectors(own, bell, watch.projected, projections=[tally({SECRET})]):
        for sequence in (1, 2):
            await watch.until("tally", lambda found, at=sequence: found.failed_sequence == at)
            await resume(own_connection, "tally", skip=EventPlace("ada", sequence))
        await watch.caught_up("tally")
    assert await tallied(own_connection) == {"ada": 1}


@pytest.mark.parametrize("place", [EventPlace("ada", 1), EventPlace("bob", 2)])
async def test_nothing_can_be_skipped_but_the_event_it_stopped_at(
    own: Pool,
    own_connection: Connection,
    own_handler: CommandHandler,
    bell: Bell,
    watch: Watch,
    place: EventPlace,
) -> None:
    await plant(own_connection)
    await _create(own_handler, "bob", "fine", "fine")
    async with open_projectors(own, bell, watch.projected, projections=[tally({SECRET})]):
        await _create(own_handler, "ada", "fine", SECRET)
        before = await watch.until("tally", lambda found: found.failed_at is not None)
        with pytest.raises(NotFailedThereError, match=f"event {place.sequence} of user"):
            await resume(own_connection, "tally", skip=place)
    assert await watch.live("tally") == before
    assert (await _status(own_connection)).skips == []


async def test_a_projection_that_an_operator_has_paused_has_nothing_to_skip(
    own_connection: Connection, own_handler: CommandHandler
) -> None:
    await plant(own_connection)
    await _create(own_handler, "ada", "fine")
    await pause(own_connection, "tally")
    with pytest.raises(NotFailedThereError):
        await resume(own_connection, "tally", skip=EventPlace("ada", 1))
    assert (await _status(own_connection)).condition is Condition.PAUSED


async def test_an_event_nobody_can_read_stops_a_projection_and_can_be_skipped(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    await _create(own_handler, "ada", "fine")
    await own_connection.execute("""
        insert into taskfold.event (
            user_id, sequence, task_id, version, type, schema_version, data, metadata, recorded_at,
            digest, chain
        )
        select
            'eve', 1, 1, 1, 'TaskFromTheFuture', 1, data, metadata, recorded_at, digest, chain
        from taskfold.event
    """)
    await _create(own_handler, "ada", "fine")
    async with open_projectors(own, bell, watch.projected, projections=[tally()]):
        found = await watch.until("tally", lambda found: found.failed_at is not None)
        assert found.failure == "UnreadableEventError: UnknownEventTypeError"
        assert await tallied(own_connection) == {"ada": 1}
        await resume(own_connection, "tally", skip=EventPlace("eve", 1))
        await watch.caught_up("tally")
    assert await tallied(own_connection) == {"ada": 2}


async def test_rows_that_postgresql_refuses_stop_a_projection_too(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    await own_connection.execute("alter table taskfold.tally add check (applied < 3)")
    async with open_projectors(own, bell, watch.projected, projections=[tally()]):
        await _create(own_handler, "ada", *["fine"] * 5)
        found = await watch.until("tally", lambda found: found.failed_at is not None)
    assert (found.failed_sequence, found.failure) == (3, "CheckViolation")
    assert await tallied(own_connection) == {"ada": 2}


async def test_a_pause_by_an_operator_is_not_written_over(
    own_connection: Connection, watch: Watch
) -> None:
    await plant(own_connection)
    lease = await claim(own_connection, tally(), "me")
    assert lease is not None
    await pause(own_connection, "tally")
    with pytest.raises(LeaseLostError):
        await lease.fail(own_connection, Failure(user_id="ada", sequence=1, reason=FAILURE))
    found = await watch.live("tally")
    assert (found.paused_at is not None, found.failed_at) == (True, None)


async def test_failures_that_pass_are_never_held_against_an_event(
    own: Pool, own_connection: Connection, own_handler: CommandHandler, bell: Bell, watch: Watch
) -> None:
    await plant(own_connection)
    # What a failover does: for a while the server takes no writes.
    await own_connection.execute("""
        create function taskfold.read_only() returns trigger language plpgsql as $$
        begin
            raise exception using errcode = 'read_only_sql_transaction';
        end
        $$
    """)
    await own_connection.execute(
        "create trigger away before insert on taskfold.tally"
        " for each row execute function taskfold.read_only()"
    )
    with structlog.testing.capture_logs() as lines:
        async with open_projectors(own, bell, watch.projected, projections=[tally()]):
            await _create(own_handler, "ada", "fine")
            await eventually(lambda: _interrupted(lines) > LONGER_THAN_PATIENCE)
            assert (await watch.live("tally")).paused_at is None
            await own_connection.execute("drop trigger away on taskfold.tally")
            await watch.caught_up("tally")
    assert await tallied(own_connection) == {"ada": 1}


def _interrupted(lines: list[EventDict]) -> int:
    return sum(line["event"] == "projector.interrupted" for line in lines)


@pytest.mark.parametrize(
    ("error", "blamed"),
    [
        (ValueError(), True),
        (psycopg.DataError(), True),
        (psycopg.errors.UniqueViolation(), True),
        (psycopg.errors.ProgramLimitExceeded(), True),
        (psycopg.errors.UndefinedTable(), True),
        (psycopg.errors.DiskFull(), False),
        (psycopg.errors.DeadlockDetected(), False),
        (psycopg.errors.ReadOnlySqlTransaction(), False),
        (psycopg.OperationalError(), False),
        (psycopg.InterfaceError(), False),
        (PoolTimeout(), False),
        (LeaseLostError("tally"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_events_are_blamed_for_nothing_but_what_would_come_again(
    error: Exception,
    blamed: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    assert blames_event(error) is blamed


def test_a_reason_is_told_in_classes_alone() -> None:
    error = ValueError(SECRET)
    error.__cause__ = PoisonError(SECRET)
    assert reason(error) == "ValueError: PoisonError"


async def test_an_inline_projection_that_cannot_apply_an_event_refuses_it_and_says_so_once(
    own_connection: Connection, own_handler: CommandHandler, logged: list[EventDict]
) -> None:
    await _create(own_handler, "ada", SECRET)
    await own_connection.execute("delete from taskfold.task where user_id = 'ada'")
    outcomes = await asyncio.gather(
        own_handler.handle(asking("bob"), CreateTask(title="fine")),
        own_handler.handle(asking("ada"), CompleteTask(task_id=1)),
        own_handler.handle(asking("eve"), CreateTask(title="fine")),
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], CannotApplyError)
    cursor = await own_connection.execute(
        "select user_id, sequence from taskfold.event order by user_id, sequence"
    )
    assert await cursor.fetchall() == [("ada", 1), ("bob", 1), ("eve", 1)]
    assert [line for line in logged if line["log_level"] == "error"] == [
        {
            "event": "projection.refused",
            "log_level": "error",
            "projection": "task",
            "user_id": "ada",
            "sequence": 2,
            "type": "TaskCompleted",
            "error": "CannotApplyError: MissingRowError",
        }
    ]
    assert SECRET not in str(logged)


async def test_a_refusal_of_a_lone_append_is_said_once_too(
    own_connection: Connection, own_handler: CommandHandler, logged: list[EventDict]
) -> None:
    await _create(own_handler, "ada", "fine")
    await own_connection.execute("delete from taskfold.task where user_id = 'ada'")
    command = EditTask(task_id=1, title=SECRET, description=SECRET, completed=True)
    with pytest.raises(CannotApplyError):
        await own_handler.handle(asking("ada"), command)
    assert [line["event"] for line in logged] == ["projection.refused"]
