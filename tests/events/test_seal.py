import json
from collections.abc import AsyncGenerator
from hashlib import sha256
from io import BytesIO

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.audit import audit
from events.database import Pool
from events.errors import DamagedFileError
from events.finding import Finding, Kind
from events.seal import SealHeader, check_seal, log_name, read_heads, seal_lines
from events.seal_audit import audit_seal, heads_to_seal
from tests.people import asking

pytestmark = pytest.mark.anyio

HEADER = SealHeader(created_at="2026-01-02T12:00:00.000000Z", product="taskfold 1", salt="5a17")


async def sealed(pool: Pool) -> BytesIO:
    return BytesIO(
        b"".join([line async for line in seal_lines(HEADER, heads_to_seal(pool, HEADER))])
    )


async def findings(pool: Pool, seal: BytesIO, user_id: str | None = None) -> list[Finding]:
    return [found async for step in audit_seal(pool, seal, user_id) for found in step.findings]


async def grow(handler: CommandHandler, user_id: str, events: int = 3) -> None:
    for number in range(events):
        await handler.handle(asking(user_id), CreateTask(title=f"Task {number}"))


@pytest.fixture
async def users(
    unguarded: Pool, unguarded_handler: CommandHandler, user_id: str
) -> AsyncGenerator[list[str]]:
    """Three people with three events each, and nobody else."""
    users = [f"{user_id}-{number}" for number in range(3)]
    for known in users:
        await grow(unguarded_handler, known)
    yield users
    async with unguarded.connection() as connection:
        await connection.execute("delete from taskfold.event")
        await connection.execute("delete from taskfold.user_log")


async def test_a_seal_holds_where_every_log_stood_and_no_id(
    unguarded: Pool, users: list[str]
) -> None:
    seal = await sealed(unguarded)
    check_seal(seal)
    names = [head.log for head in read_heads(seal)]
    assert names == sorted(log_name(HEADER.salt, user_id) for user_id in users)
    assert all(user_id not in seal.getvalue().decode() for user_id in users)


async def test_the_closing_line_holds_the_hash_of_all_before_it(
    unguarded: Pool, users: list[str]
) -> None:
    *lines, closing = (await sealed(unguarded)).getvalue().splitlines(keepends=True)
    assert json.loads(closing) == {
        "logs": len(users),
        "events": 9,
        "sha256": sha256(b"".join(lines)).hexdigest(),
    }


async def test_logs_that_only_grew_agree_with_their_seal(
    unguarded: Pool, unguarded_handler: CommandHandler, users: list[str]
) -> None:
    seal = await sealed(unguarded)
    await grow(unguarded_handler, users[1])
    await grow(unguarded_handler, f"{users[1]}-new")
    assert await findings(unguarded, seal) == []
    assert await findings(unguarded, seal, users[1]) == []
    assert await findings(unguarded, seal, f"{users[1]}-new") == []


CUT_OFF = (
    "delete from taskfold.event where user_id = %(user)s and sequence = 3",
    """
    update taskfold.user_log set (sequence, chain, recorded_at, last_task_id) = (
        select sequence, chain, recorded_at, task_id from taskfold.event
        where user_id = %(user)s and sequence = 2
    ) where user_id = %(user)s
    """,
)
REMOVE = (
    "delete from taskfold.event where user_id = %(user)s",
    "delete from taskfold.user_log where user_id = %(user)s",
)


async def hide(pool: Pool, user_id: str, statements: tuple[str, ...]) -> None:
    """Tamper so that the chains show nothing."""
    async with pool.connection() as connection:
        for statement in statements:
            await connection.execute(statement.encode(), {"user": user_id})
    assert [found async for step in audit(pool) for found in step.findings] == []


async def test_a_tail_that_was_cut_off_with_its_head_moved_back_is_found(
    unguarded: Pool, users: list[str]
) -> None:
    seal = await sealed(unguarded)
    await hide(unguarded, users[1], CUT_OFF)
    [found] = await findings(unguarded, seal)
    assert (found.user_id, found.sequence, found.kind) == (users[1], 3, Kind.TRUNCATED)
    assert await findings(unguarded, seal, users[1]) == [found]
    assert await findings(unguarded, seal, users[0]) == []


@pytest.mark.parametrize("page", [1, 2, 3, 4])
async def test_a_page_may_end_anywhere(unguarded: Pool, users: list[str], page: int) -> None:
    seal = await sealed(unguarded)
    await hide(unguarded, users[1], CUT_OFF)
    steps = [step async for step in audit_seal(unguarded, seal, page=page)]
    assert [found.user_id for step in steps for found in step.findings] == [users[1]]
    assert sum(step.logs for step in steps) == 3


async def test_a_history_written_anew_is_found(
    unguarded: Pool, unguarded_handler: CommandHandler, users: list[str]
) -> None:
    seal = await sealed(unguarded)
    await hide(unguarded, users[2], REMOVE)
    await grow(unguarded_handler, users[2], events=5)
    [found] = await findings(unguarded, seal)
    assert (found.user_id, found.sequence, found.kind) == (users[2], 3, Kind.REWRITTEN)


async def test_a_log_that_is_gone_is_found_by_the_name_it_was_sealed_under(
    unguarded: Pool, users: list[str]
) -> None:
    seal = await sealed(unguarded)
    await hide(unguarded, users[0], REMOVE)
    [found] = await findings(unguarded, seal)
    assert (found.user_id, found.sequence, found.kind) == (None, 1, Kind.TRUNCATED)
    assert log_name(HEADER.salt, users[0]) in str(found)
    [named] = await findings(unguarded, seal, users[0])
    assert named.user_id == users[0]


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (b'"sequence":3', b'"sequence":2', 5),
        (b"taskfold 1", b"taskfold 2", 5),
        (b'"log":"', b'"log":"ffff', 3),
        (b'"sequence":3', b'"sequence":"3"', 2),
        (b"taskfold-seal-1", b"taskfold-seal-2", 1),
    ],
)
async def test_a_seal_that_was_changed_is_refused(
    unguarded: Pool, old: bytes, new: bytes, line: int
) -> None:
    changed = BytesIO((await sealed(unguarded)).getvalue().replace(old, new, 1))
    with pytest.raises(DamagedFileError, match=f"at line {line}"):
        check_seal(changed)


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize("kept", [0, 1, 2, 4])
async def test_a_seal_that_is_not_whole_is_refused(unguarded: Pool, kept: int) -> None:
    lines = (await sealed(unguarded)).getvalue().splitlines(keepends=True)
    with pytest.raises(DamagedFileError):
        check_seal(BytesIO(b"".join(lines[:kept])))
