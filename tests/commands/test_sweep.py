import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from commands import sweep
from commands.sweep import sweeping
from events.database import open_pool
from tests.databases import prepare

pytestmark = pytest.mark.anyio


async def test_sweeps_outlive_whatever_postgresql_refuses(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(empty_database_url)
    monkeypatch.setattr(sweep, "INTERVAL", timedelta(milliseconds=10))
    async with open_pool(empty_database_url, size=1) as pool:
        async with pool.connection() as connection:
            await connection.execute("set default_transaction_read_only = on")
        with capture_logs() as said:
            async with sweeping(pool), asyncio.timeout(10):
                while sum(entry["event"] == "receipts.not_swept" for entry in said) < 2:  # noqa: ASYNC110 - a log has no event to await
                    await asyncio.sleep(0.01)
                async with pool.connection() as connection:
                    await connection.execute("set default_transaction_read_only = off")
                while said[-1]["event"] != "receipts.swept":  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.01)
    assert said[0]["error"] == "ReadOnlySqlTransaction"
