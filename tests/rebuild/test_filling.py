import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.database import Connection, Pool
from projections.errors import StaleCodeError
from projections.generation import State
from projections.rebuild.filling import fill
from projections.registration import register
from projections.registry import INLINE
from projections.task_change import TASK_CHANGE
from tests.people import asking
from tests.rebuild.rebuilding import folded_rows, live_rows, states

pytestmark = pytest.mark.anyio


async def _as_if_new(connection: Connection, name: str) -> None:
    """Have a database that knows nothing of a projection yet, as after a migration."""
    await connection.execute("delete from taskfold.projection where name = %s", [name])
    await connection.execute("truncate taskfold.task_change")


async def test_a_new_table_beside_an_older_log_is_filled_before_it_is_used(
    own: Pool, writer: CommandHandler, looking: Connection
) -> None:
    await _as_if_new(looking, TASK_CHANGE.name)
    await register(looking)
    assert (await states(looking, TASK_CHANGE.name))[State.LIVE].version == 0
    said = list[str]()
    await fill(own, said.append)
    assert said == ["Filling the table of projection task_change from 18 events."]
    found = await states(looking, TASK_CHANGE.name)
    assert set(found) == {State.LIVE}
    assert found[State.LIVE].version == TASK_CHANGE.version
    await writer.handle(asking("ada"), CreateTask(title="Afterwards"))
    assert await live_rows(looking, TASK_CHANGE) == await folded_rows(looking, TASK_CHANGE)


async def test_nothing_is_filled_where_nothing_is_missing(own: Pool, looking: Connection) -> None:
    del looking
    said = list[str]()
    await fill(own, said.append)
    assert said == []


async def test_in_an_empty_log_every_projection_is_complete_from_the_start(
    own: Pool, url: str
) -> None:
    del url
    async with own.connection() as connection:
        for projection in INLINE:
            live = (await states(connection, projection.name))[State.LIVE]
            assert live.version == projection.version


async def test_code_older_than_a_table_does_not_start_on_it(own: Pool, looking: Connection) -> None:
    del own
    await looking.execute("update taskfold.projection set version = 2 where name = 'task'")
    with pytest.raises(StaleCodeError, match="version 2 and this Taskfold has version 1"):
        await register(looking)
