import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any, cast

import httpx2
import pytest

from api.http import health_view, readiness
from api.http.health_view import Ready
from events import barrier
from events.listener import Hearing
from projections.daily_activity import DAILY_ACTIVITY
from projections.registry import PROJECTIONS
from tests.http.application import Running, running_on

pytestmark = pytest.mark.anyio

READY = "/api/health/ready"


@pytest.fixture
async def standing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Running]:
    """An application with a database of its own, whose projections a test moves."""
    monkeypatch.setattr(readiness, "FRESH", 0.0)
    async with running_on(empty_database_url, projectors=False) as application:
        yield application


@pytest.fixture
async def probe(standing: Running) -> AsyncGenerator[httpx2.AsyncClient]:
    """An orchestrator, without a token."""
    async with standing.client() as client:
        yield client


async def do(application: Running, statement: str, *values: object) -> None:
    """Do to the database what the product would."""
    async with application.state["pool"].connection() as connection:
        await connection.execute(statement.encode(), values)


async def create(application: Running, user_id: str, tasks: int) -> None:
    async with application.client_of(user_id) as client:
        for _ in range(tasks):
            await client.post("/api/tasks", json={"title": "Water the plants"})


def projection(answer: httpx2.Response, name: str) -> dict[str, Any]:
    """What an answer says of a projection."""
    [found] = [each for each in answer.json()["projections"] if each["name"] == name]
    return found


async def test_when_all_is_well_it_says_so_of_each(probe: httpx2.AsyncClient) -> None:
    answer = await probe.get(READY)
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert answer.json()["mark_stalled_seconds"] == 0.0
    assert answer.json()["wake_up"] in set(Hearing)
    assert answer.json()["projections"] == [
        {
            "name": name,
            "state": "live",
            "lag_events": 0,
            "lag_seconds": 0.0,
            "oldest_unprocessed_seconds": 0.0,
            "differences": 0,
        }
        for name in PROJECTIONS
    ]


async def test_a_projection_behind_says_how_far(
    standing: Running, probe: httpx2.AsyncClient, user_id: str
) -> None:
    await create(standing, user_id, 3)
    answer = await probe.get(READY)
    behind = projection(answer, "daily_activity")
    assert behind["lag_events"] == 3
    assert behind["oldest_unprocessed_seconds"] >= behind["lag_seconds"] >= 0.0
    assert projection(answer, "task")["lag_events"] == 0
    assert answer.json()["status"] == "ready"


async def test_an_event_that_cannot_be_applied_is_named_without_its_owner(
    standing: Running, probe: httpx2.AsyncClient, user_id: str
) -> None:
    await create(standing, user_id, 2)
    await do(
        standing,
        "update taskfold.projection set paused_at = now(), failed_at = now(), failed_user_id = %s,"
        " failed_sequence = 2, failure = 'It cannot.' where name = 'daily_activity'",
        user_id,
    )
    answer = await probe.get(READY)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    failed = projection(answer, "daily_activity")
    assert (failed["state"], failed["lag_events"]) == ("failed", 2)
    assert failed["failed_event"].pop("position") > 0
    assert failed["failed_event"] == {"sequence": 2, "type": "TaskCreated"}
    assert user_id not in answer.text
    assert "Water" not in answer.text


@pytest.mark.parametrize("version", [0, 2])
async def test_a_process_is_not_ready_on_inline_tables_that_are_not_its_own(
    standing: Running, probe: httpx2.AsyncClient, user_id: str, version: int
) -> None:
    await do(
        standing, "update taskfold.projection set version = %s where name = 'task_change'", version
    )
    answer = await probe.get(READY)
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert "not those of this version" in answer.json()["detail"]
    async with standing.client_of(user_id) as client:
        refused = await client.post("/api/tasks", json={"title": "Water the plants"})
    assert (refused.status_code, refused.json()["code"]) == (503, "not-ready")
    assert refused.headers["retry-after"] == "5"
    async with standing.state["pool"].connection() as connection:
        cursor = await connection.execute("select count(*) from taskfold.event")
        assert await cursor.fetchone() == (0,)


async def test_a_table_filled_by_older_code_is_told(
    probe: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = replace(DAILY_ACTIVITY, version=DAILY_ACTIVITY.version + 1)
    monkeypatch.setitem(cast("dict[str, object]", PROJECTIONS), newer.name, newer)
    answer = await probe.get(READY)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert projection(answer, "daily_activity")["state"] == "outdated"


async def test_a_pause_that_somebody_wished_for_is_no_degradation(
    standing: Running, probe: httpx2.AsyncClient
) -> None:
    await do(
        standing,
        "update taskfold.projection set paused_at = now() where name = 'daily_activity'",
    )
    answer = await probe.get(READY)
    assert projection(answer, "daily_activity")["state"] == "paused"
    assert answer.json()["status"] == "ready"


async def test_differences_that_the_routine_check_has_found_are_counted(
    standing: Running, probe: httpx2.AsyncClient, user_id: str
) -> None:
    await create(standing, user_id, 2)
    await standing.state["routine_check"].check_one()
    assert (await probe.get(READY)).json()["status"] == "ready"
    await do(standing, "update taskfold.task set title = 'Water the cat'")
    await standing.state["routine_check"].check_one()
    answer = await probe.get(READY)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert projection(answer, "task")["differences"] == 2
    assert projection(answer, "task_change")["differences"] == 0


async def test_differences_that_a_rebuild_has_found_are_counted(
    standing: Running, probe: httpx2.AsyncClient
) -> None:
    await do(
        standing,
        "insert into taskfold.projection_shard"
        " (name, shard, after_user, until_user, done_user, verdict) values"
        " ('task', 1, '', 'm', 'm', '[{\"live\": {\"differences\": 2}, \"other\": null}]'),"
        " ('task', 2, 'm', 'z', 'z', '[{\"live\": {\"differences\": 0},"
        ' "other": {"differences": 1}}]\')',
    )
    answer = await probe.get(READY)
    assert answer.json()["status"] == "degraded"
    assert projection(answer, "task")["differences"] == 3
    assert projection(answer, "task_change")["differences"] == 0


async def test_writers_that_do_not_end_are_told(
    empty_database_url: str, user_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "FRESH", 0.0)
    monkeypatch.setattr(health_view, "STALLED", 0.1)
    async with (
        running_on(empty_database_url) as application,
        application.client() as probe,
        asyncio.timeout(20),
    ):
        assert (await probe.get(READY)).json()["status"] == "ready"
        async with application.state["pool"].connection() as writer, writer.transaction():
            await barrier.enter(writer)
            await create(application, user_id, 1)
            while (answer := await probe.get(READY)).json()["status"] == "ready":
                pass
            assert answer.json()["mark_stalled_seconds"] >= 0.1
        while (answer := await probe.get(READY)).json()["status"] != "ready":
            pass
        assert answer.json()["mark_stalled_seconds"] == 0.0


@pytest.mark.parametrize("example", health_view.EXAMPLES)
def test_the_examples_are_answers(example: dict[str, Any]) -> None:
    assert Ready.model_validate(example).model_dump(mode="json", exclude_unset=True) == example
