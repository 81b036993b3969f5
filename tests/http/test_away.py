from collections.abc import AsyncGenerator
from typing import Protocol

import httpx2
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from api.http import readiness, reading
from commands import persistence
from migrations.upgrade import downgrade
from tests.http.application import Running, running_on


class Cut(Protocol):
    """Ends every connection to a database."""

    def __call__(self, *, let_in: bool) -> None: ...


pytestmark = pytest.mark.anyio


@pytest.fixture
async def lonely(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Running]:
    """An application with a database of its own, and little patience with it."""
    monkeypatch.setattr(reading, "PATIENCE", 0.3)
    monkeypatch.setattr(persistence, "PATIENCE", 0.3)
    monkeypatch.setattr(readiness, "PATIENCE", 1.0)
    monkeypatch.setattr(readiness, "FRESH", 0.0)
    async with running_on(empty_database_url) as application:
        yield application


@pytest.fixture
def cut(server_url: str, empty_database_url: str) -> Cut:
    """End everybody's connection to the application's database, and let new ones in or not."""
    name = conninfo_to_dict(empty_database_url)["dbname"]

    def end_connections(*, let_in: bool) -> None:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("alter database {} with allow_connections {}").format(
                    sql.Identifier(str(name)), sql.Literal(let_in)
                )
            )
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s",
                (name,),
            )

    return end_connections


async def test_without_its_database_the_api_asks_to_come_back(
    lonely: Running, cut: Cut, user_id: str
) -> None:
    async with lonely.client_of(user_id) as client:
        await client.post("/api/tasks", json={"title": "a"})
        cut(let_in=False)
        for answer in (
            await client.get("/api/tasks"),
            await client.get("/api/tasks/1"),
            await client.get("/api/tasks/1/history"),
            await client.get("/api/activity"),
            await client.get("/api/tasks", headers={"Taskfold-Not-Before": "1"}),
            await client.post("/api/tasks", json={"title": "b"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
            assert int(answer.headers["retry-after"]) > 0
            assert "DATABASE_URL" not in answer.text


async def test_a_restart_of_the_database_is_not_noticed(
    lonely: Running, cut: Cut, user_id: str
) -> None:
    async with lonely.client_of(user_id) as client:
        await client.post("/api/tasks", json={"title": "a"})
        cut(let_in=True)
        assert (await client.get("/api/tasks/1")).status_code == 200
        cut(let_in=True)
        assert (await client.post("/api/tasks", json={"title": "b"})).status_code == 201


async def ready(lonely: Running) -> httpx2.Response:
    async with lonely.client() as client:
        return await client.get("/api/health/ready")


async def test_a_process_without_its_database_lives_and_is_not_ready(
    lonely: Running, cut: Cut
) -> None:
    assert (await ready(lonely)).json()["status"] == "ready"
    cut(let_in=False)
    answer = await ready(lonely)
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert answer.json()["detail"] == "The database cannot be reached."
    async with lonely.client() as client:
        assert (await client.get("/api/health/live")).json() == {"status": "live"}


async def test_a_process_on_another_schema_is_not_ready(
    lonely: Running, empty_database_url: str
) -> None:
    downgrade(empty_database_url, "0001")
    answer = await ready(lonely)
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert "taskfold migrate" in answer.json()["detail"]


async def test_many_probes_look_once(
    lonely: Running, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "FRESH", 60.0)
    assert (await ready(lonely)).status_code == 200
    cut(let_in=False)
    assert (await ready(lonely)).status_code == 200
