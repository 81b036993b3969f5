import pytest

from api.cli.log_database import log_pool
from api.settings import load_settings
from events.errors import DatabaseUnreachableError

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("data_dir")]


async def test_a_connection_that_is_lost_on_the_way_is_named(database_url: str) -> None:
    with pytest.raises(DatabaseUnreachableError, match="PostgreSQL cannot be reached"):
        async with log_pool(load_settings(), database_url) as pool, pool.connection() as connection:
            await connection.execute("select pg_terminate_backend(pg_backend_pid())")
