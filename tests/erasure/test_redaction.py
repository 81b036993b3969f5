"""The one edit of history that PostgreSQL lets through, and all others."""

import psycopg
import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask, EraseLog
from events.binding import bind
from events.database import Connection, Pool
from tests.erasure.erasing import erase
from tests.people import asking

pytestmark = pytest.mark.anyio

REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)

EMPTY = "update taskfold.event set data = 'null', metadata = 'null'"

OTHER_EDITS = [
    "update taskfold.event set data = 'null' where sequence = 1",
    "update taskfold.event set metadata = 'null' where sequence = 1",
    "update taskfold.event set data = '{}', metadata = 'null' where sequence = 1",
    "update taskfold.event set data = 'null', metadata = '{}' where sequence = 1",
    f"{EMPTY}, type = 'TaskDeleted' where sequence = 1",
    f"{EMPTY}, digest = chain where sequence = 1",
    f"{EMPTY}, recorded_at = recorded_at + interval '1 s' where sequence = 1",
    f"{EMPTY}, position = default where sequence = 1",
    f"{EMPTY} where type = 'LogErased'",
    "delete from taskfold.event",
    "truncate taskfold.event",
    "update taskfold.access set what = ''",
]


async def started(handler: CommandHandler) -> None:
    """Have two people with two events each, and Ada's log say that it was erased."""
    for user_id in ("ada", "bob"):
        for _ in range(2):
            await handler.handle(asking(user_id), CreateTask(title="Secret"))
    await handler.handle(asking("ada"), EraseLog())


@pytest.mark.parametrize("edit", OTHER_EDITS)
@pytest.mark.parametrize("as_request", [True, False], ids=["request", "maintainer"])
async def test_an_erased_log_lets_itself_be_emptied_and_nothing_else(
    writer: CommandHandler, maintainer: Connection, edit: str, *, as_request: bool
) -> None:
    await started(writer)
    async with maintainer.transaction(force_rollback=True):
        if as_request:
            await bind(maintainer, ["ada"])
        else:
            # Even with every right there is.
            await maintainer.execute(
                "grant update, delete, truncate on taskfold.event to current_user"
            )
        with pytest.raises(REFUSED):
            await maintainer.execute(edit.encode())


async def test_a_request_empties_its_own_log_alone(
    writer: CommandHandler, maintainer: Connection
) -> None:
    await started(writer)
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, ["ada"])
        emptied = await bound.execute(f"{EMPTY} where type <> 'LogErased'".encode())
        assert emptied.rowcount == 2
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, ["cyd"])
        assert (await bound.execute(EMPTY)).rowcount == 0


async def test_a_log_that_does_not_say_so_is_not_emptied(
    writer: CommandHandler, maintainer: Connection
) -> None:
    await started(writer)
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, ["bob"])
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            await bound.execute(EMPTY)
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, ["bob"])
        # The head says so, and no event does.
        await bound.execute("update taskfold.user_log set erased_through = sequence")
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            await bound.execute(EMPTY)


async def test_what_came_after_an_erasure_is_not_emptied(
    writer: CommandHandler, own: Pool, maintainer: Connection
) -> None:
    await started(writer)
    await erase(writer, own, "ada")
    await writer.handle(asking("ada"), CreateTask(title="new"))
    async with maintainer.transaction(force_rollback=True):
        bound = await bind(maintainer, ["ada"])
        with pytest.raises(psycopg.errors.RestrictViolation):
            await bound.execute(f"{EMPTY} where sequence = 4".encode())
