"""Tampering with what is stored, done with SQL by somebody who may do everything, is found."""

from typing import LiteralString, cast

import pytest

from commands.handler import CommandHandler
from commands.tasks import CompleteTask, CreateTask, EditTask, TaskCommand
from events.audit import audit
from events.database import Pool
from events.finding import Finding, Kind
from events.ids import new_id
from tests.people import asking

pytestmark = pytest.mark.anyio

LIFE: list[TaskCommand] = [
    CreateTask(title="Buy milk"),
    CompleteTask(task_id=1),
    CreateTask(title="Buy bread", order=0.5),
    EditTask(task_id=2, title="Buy rye bread"),
    CompleteTask(task_id=2),
]


async def live(handler: CommandHandler, user_id: str) -> None:
    """Write a log of five events."""
    for command in LIFE:
        await handler.handle(asking(user_id), command)


async def findings(pool: Pool, user_id: str | None = None) -> list[Finding]:
    return [found async for step in audit(pool, user_id) for found in step.findings]


async def tampered(pool: Pool, user_id: str, *statements: LiteralString) -> list[Finding]:
    """Run statements on a user's log, then verify it."""
    async with pool.connection() as connection, connection.transaction():
        for statement in statements:
            await connection.execute(statement, {"user": user_id})
    return await findings(pool, user_id)


@pytest.fixture
async def ada(unguarded_handler: CommandHandler, user_id: str) -> str:
    """Somebody with a log of five events."""
    await live(unguarded_handler, user_id)
    return user_id


async def test_a_log_as_it_was_written_is_in_order(unguarded: Pool, ada: str) -> None:
    assert await findings(unguarded, ada) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ('data = \'{"title":"Sell bread"}\'', Kind.CONTENTS),
        ("data = '[]'", Kind.CONTENTS),
        ("data = '{\"order\":0.5000000000000000000001}'", Kind.CONTENTS),
        ('metadata = metadata || \'{"actor":"eve"}\'', Kind.CONTENTS),
        ("type = 'TaskRenamed'", Kind.EDITED),
        ("schema_version = 2", Kind.EDITED),
        ("task_id = 7", Kind.EDITED),
        ("version = 9", Kind.EDITED),
        ("recorded_at = recorded_at + interval '1 microsecond'", Kind.EDITED),
        ("recorded_at = 'infinity'", Kind.EDITED),
        ("recorded_at = recorded_at - interval '4000 years'", Kind.EDITED),
        ("digest = sha256('x')", Kind.HASH),
        ("chain = sha256('x')", Kind.HASH),
        ("sequence = 77", Kind.REORDERED),
        ("user_id = 'eve-' || user_id", Kind.REMOVED),
        ("position = 0", Kind.INCONSISTENT),
    ],
)
async def test_an_edited_event_is_found(
    unguarded: Pool, ada: str, change: LiteralString, kind: Kind
) -> None:
    [finding] = await tampered(
        unguarded,
        ada,
        f"update taskfold.event set {change} where user_id = %(user)s and sequence = 3",  # noqa: S608 - every change stands above
    )
    assert (finding.user_id, finding.sequence, finding.kind) == (ada, 3, kind)


async def test_a_removed_event_is_found(unguarded: Pool, ada: str) -> None:
    delete = "delete from taskfold.event where user_id = %(user)s and sequence = 2"
    [finding] = await tampered(unguarded, ada, delete)
    assert (finding.sequence, finding.kind) == (2, Kind.REMOVED)


async def test_a_removed_event_is_found_when_the_others_were_renumbered(
    unguarded: Pool, ada: str
) -> None:
    [finding] = await tampered(
        unguarded,
        ada,
        "delete from taskfold.event where user_id = %(user)s and sequence = 2",
        "update taskfold.event set sequence = sequence + 100"
        " where user_id = %(user)s and sequence > 2",
        "update taskfold.event set sequence = sequence - 101"
        " where user_id = %(user)s and sequence > 100",
    )
    assert (finding.sequence, finding.kind) == (2, Kind.REMOVED)


INSERT_COPY = """
    insert into taskfold.event (user_id, sequence, task_id, version, type, schema_version,
        data, metadata, recorded_at, digest, chain)
    select user_id, %(place)s, 9, 1, type, schema_version,
        data, metadata, recorded_at, digest, chain
    from taskfold.event where user_id = %(user)s and sequence = 1
"""


LET_IN = "alter table taskfold.event drop constraint if exists event_sequence_check"


async def test_an_inserted_event_is_found(unguarded: Pool, ada: str) -> None:
    [finding] = await tampered(
        unguarded,
        ada,
        "update taskfold.event set sequence = sequence + 100"
        " where user_id = %(user)s and sequence >= 2",
        "update taskfold.event set sequence = sequence - 99"
        " where user_id = %(user)s and sequence > 100",
        INSERT_COPY.replace("%(place)s", "2"),
    )
    assert (finding.sequence, finding.kind) == (2, Kind.INSERTED)


async def test_an_event_added_at_the_end_is_found(unguarded: Pool, ada: str) -> None:
    [finding] = await tampered(unguarded, ada, INSERT_COPY.replace("%(place)s", "6"))
    assert (finding.sequence, finding.kind) == (6, Kind.INSERTED)


async def test_reordered_events_are_found(unguarded: Pool, ada: str) -> None:
    [finding] = await tampered(
        unguarded,
        ada,
        "update taskfold.event set sequence = 99 where user_id = %(user)s and sequence = 2",
        "update taskfold.event set sequence = 2 where user_id = %(user)s and sequence = 4",
        "update taskfold.event set sequence = 4 where user_id = %(user)s and sequence = 99",
    )
    assert (finding.sequence, finding.kind) == (2, Kind.REORDERED)


async def test_a_tail_that_was_cut_off_is_found(unguarded: Pool, ada: str) -> None:
    delete = "delete from taskfold.event where user_id = %(user)s and sequence > 3"
    [finding] = await tampered(unguarded, ada, delete)
    assert (finding.sequence, finding.kind) == (4, Kind.TRUNCATED)


async def test_a_log_of_which_nothing_is_left_is_found(unguarded: Pool, ada: str) -> None:
    [finding] = await tampered(
        unguarded, ada, "delete from taskfold.event where user_id = %(user)s"
    )
    assert (finding.sequence, finding.kind) == (1, Kind.TRUNCATED)


async def test_a_log_without_a_head_is_found(unguarded: Pool, ada: str) -> None:
    [finding] = await tampered(
        unguarded, ada, "delete from taskfold.user_log where user_id = %(user)s"
    )
    assert (finding.sequence, finding.kind) == (1, Kind.HEADLESS)


@pytest.mark.parametrize(
    "change",
    [
        "sequence = 3",
        "sequence = 8",
        "chain = sha256('x')",
        "last_task_id = 1",
        "recorded_at = '-infinity'",
        "recorded_at = null",
    ],
)
async def test_an_edited_head_is_found(unguarded: Pool, ada: str, change: LiteralString) -> None:
    [finding] = await tampered(
        unguarded,
        ada,
        f"update taskfold.user_log set {change} where user_id = %(user)s",  # noqa: S608 - every change stands above
    )
    assert finding.kind is Kind.HEAD


@pytest.mark.parametrize(
    "change", ["chain = sha256('x')", "last_task_id = 7", "recorded_at = now()"]
)
async def test_an_edited_head_is_found_where_nothing_was_written_yet(
    unguarded: Pool, user_id: str, change: LiteralString
) -> None:
    insert = "insert into taskfold.user_log (user_id) values (%(user)s)"
    update = f"update taskfold.user_log set {change} where user_id = %(user)s"  # noqa: S608 - every change stands above
    assert await tampered(unguarded, user_id, insert) == []
    [finding] = await tampered(unguarded, user_id, update)
    assert (finding.user_id, finding.sequence, finding.kind) == (user_id, 0, Kind.HEAD)
    assert [found.user_id for found in await findings(unguarded)].count(user_id) == 1


@pytest.mark.parametrize("sequence", [0, -1, -(2**63)])
@pytest.mark.parametrize("everybody", [False, True])
async def test_an_event_before_the_first_is_found(
    unguarded: Pool, ada: str, sequence: int, *, everybody: bool
) -> None:
    insert = cast("LiteralString", INSERT_COPY.replace("%(place)s", str(sequence)))
    await tampered(unguarded, ada, LET_IN, insert)
    found = await findings(unguarded, None if everybody else ada)
    assert [finding.sequence for finding in found if finding.user_id == ada] == [1]


@pytest.mark.parametrize("page", [1, 2, 3, 5, 1_000])
async def test_a_page_may_end_anywhere(
    unguarded: Pool, unguarded_handler: CommandHandler, page: int
) -> None:
    users = [f"paged-{page}-{new_id()}" for _ in range(3)]
    for user_id in users:
        await live(unguarded_handler, user_id)
    statement = "update taskfold.event set chain = digest where user_id = %(user)s and sequence = 5"
    await tampered(unguarded, users[1], statement)
    steps = [step async for step in audit(unguarded, page=page)]
    found = [found.user_id for step in steps for found in step.findings]
    assert [user_id for user_id in found if user_id in users] == [users[1]]


async def test_what_is_appended_meanwhile_confuses_nothing(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    users = [f"{user_id}-{number}" for number in range(4)]
    for known in users:
        await live(handler, known)
    busy = iter([*users, *(f"{known}-new" for known in users)] * 2)
    found: list[Finding] = []
    async for step in audit(pool, page=2):
        found += step.findings
        if somebody := next(busy, ""):
            await live(handler, somebody)
    assert [finding for finding in found if str(finding.user_id).startswith(user_id)] == []


async def test_an_audit_counts_what_it_has_seen(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    await live(handler, user_id)
    steps = [step async for step in audit(pool, user_id, page=2)]
    assert (sum(step.events for step in steps), sum(step.logs for step in steps)) == (5, 1)
