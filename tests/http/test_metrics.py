import asyncio
from collections.abc import AsyncGenerator

import httpx2
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from api.http import readiness
from tests.http.application import Running, running_on

pytestmark = pytest.mark.anyio

METRICS = "/api/metrics"
TOKEN = "scraper-0123456789abcdef"
REQUESTS = "taskfold_http_request_duration_seconds_count"

type Labels = frozenset[tuple[str, str]]


@pytest.fixture
async def standing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Running]:
    """An application with a database of its own, whose async projections nobody carries on."""
    monkeypatch.setattr(readiness, "FRESH", 0.0)
    async with running_on(empty_database_url, projectors=False) as application:
        yield application


@pytest.fixture
async def scraper(standing: Running) -> AsyncGenerator[httpx2.AsyncClient]:
    """Prometheus, without a token."""
    async with standing.client() as client:
        yield client


def read(answer: httpx2.Response) -> dict[tuple[str, Labels], float]:
    """Read an answer as Prometheus does."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def scraped(scraper: httpx2.AsyncClient, name: str, **labels: str) -> float | None:
    """Scrape, and give one number of what came."""
    return read(await scraper.get(METRICS)).get((name, frozenset(labels.items())))


async def test_metrics_come_as_prometheus_reads_them(scraper: httpx2.AsyncClient) -> None:
    answer = await scraper.get(METRICS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = read(answer)
    assert found["taskfold_ready", frozenset()] == 1.0
    assert found["taskfold_commands_waiting", frozenset()] == 0.0
    assert found["taskfold_mark_stalled_seconds", frozenset()] == 0.0
    assert found["taskfold_listener_lost_total", frozenset()] == 0.0
    assert sum(v for (name, _), v in found.items() if name == "taskfold_listener") == 1.0


async def test_each_projection_has_its_numbers(
    standing: Running, scraper: httpx2.AsyncClient, user_id: str
) -> None:
    async with standing.client_of(user_id) as client:
        for _ in range(3):
            await client.post("/api/tasks", json={"title": "a"})
    found = read(await scraper.get(METRICS))
    of = {name: value for (name, labels), value in found.items() if _names("daily", labels)}
    assert of.pop("taskfold_projection_lag_seconds") >= 0.0
    assert of.pop("taskfold_projection_oldest_unprocessed_seconds") > 0.0
    assert of == {
        "taskfold_projection_lag_events": 3.0,
        "taskfold_projection_paused": 0.0,
        "taskfold_projection_failed": 0.0,
        "taskfold_projection_outdated": 0.0,
        "taskfold_projection_generation": 1.0,
        "taskfold_projection_skipped_events": 0.0,
        "taskfold_projection_differences": 0.0,
        "taskfold_check_differences_total": 0.0,
    }


def _names(projection: str, labels: Labels) -> bool:
    return any(name == "projection" and projection in value for name, value in labels)


async def test_a_projection_that_stopped_is_told_without_whose_event_it_was(
    standing: Running, scraper: httpx2.AsyncClient, user_id: str
) -> None:
    async with standing.client_of(user_id) as client:
        await client.post("/api/tasks", json={"title": "Water the plants"})
    async with standing.state["pool"].connection() as connection:
        await connection.execute(
            "update taskfold.projection set paused_at = now(), failed_at = now(),"
            " failed_user_id = %s, failed_sequence = 1, failure = 'It cannot.'"
            " where name = 'daily_activity'",
            (user_id,),
        )
    answer = await scraper.get(METRICS)
    found = read(answer)
    for name in ("taskfold_projection_failed", "taskfold_projection_paused"):
        assert found[name, frozenset({("projection", "daily_activity")})] == 1.0
    assert user_id not in answer.text
    assert "Water" not in answer.text


async def test_a_rebuild_tells_its_phase_and_how_far_it_is(
    standing: Running, scraper: httpx2.AsyncClient
) -> None:
    async with standing.state["pool"].connection() as connection:
        await connection.execute(
            "insert into taskfold.projection"
            " (name, generation, version, inline, state, phase, phase_began_at, resumed_at, events)"
            " values ('task', 2, 1, true, 'building', 'replaying', now(),"
            " now() - interval '21 s', 100)"
        )
        await connection.execute(
            "insert into taskfold.projection_shard"
            " (name, shard, after_user, until_user, done_user, events) values"
            " ('task', 1, '', 'm', 'c', 40), ('task', 2, 'm', 'z', 'n', 2)"
        )
    found = read(await scraper.get(METRICS))
    place = frozenset({("projection", "task"), ("phase", "replaying")})
    assert found["taskfold_rebuild_events_done", place] == 42.0
    assert found["taskfold_rebuild_events", place] == 100.0
    assert found["taskfold_rebuild_events_per_second", place] == pytest.approx(2.0, rel=0.2)
    assert found["taskfold_rebuild_seconds_left", place] == pytest.approx(29.0, rel=0.2)


async def test_requests_are_counted_by_route_and_never_by_path(
    standing: Running, scraper: httpx2.AsyncClient, user_id: str
) -> None:
    async with standing.client_of(user_id) as client:
        await client.get("/api/tasks/123456789")
        await client.get("/api/tasks/987654321?secret=words")
        await client.get("/api/nothing-of-this-name")
        await client.request("BREW", "/api/tasks")
        await client.head("/api/tasks")
    answer = await scraper.get(METRICS)
    found = read(answer)

    def count(method: str, route: str, status: int) -> float | None:
        labels = {"method": method, "route": route, "status": str(status)}
        return found.get((REQUESTS, frozenset(labels.items())))

    assert count("GET", "/api/tasks/{task_id}", 404) == 1.0
    assert count("GET", "/api/tasks/{task_id}", 422) == 1.0
    assert count("GET", "unmatched", 404) == 1.0
    assert count("HEAD", "/api/tasks", 200) == 1.0
    assert count("other", "/api/tasks", 405) == 1.0
    for words in ("123456789", "987654321", "secret", "nothing-of", "BREW", user_id):
        assert words not in answer.text


async def test_commands_that_wait_are_counted(
    standing: Running, scraper: httpx2.AsyncClient, user_id: str
) -> None:
    async with standing.client_of(user_id) as client, asyncio.timeout(20):
        await client.post("/api/tasks", json={"title": "a"})
        async with standing.state["pool"].connection() as other, other.transaction():
            await other.execute(
                "select from taskfold.user_log where user_id = %s for update", (user_id,)
            )
            asked = [asyncio.create_task(client.post("/api/tasks/1/complete")) for _ in range(130)]
            # A group of 128 at most is being carried out.
            while not await scraped(scraper, "taskfold_commands_waiting"):
                pass
        assert {answer.status_code for answer in await asyncio.gather(*asked)} == {200}
    assert await scraped(scraper, "taskfold_commands_waiting") == 0.0


async def test_metrics_answer_while_the_database_is_away(
    scraper: httpx2.AsyncClient, server_url: str, empty_database_url: str
) -> None:
    name = sql.Identifier(str(conninfo_to_dict(empty_database_url)["dbname"]))
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("alter database {} with allow_connections false").format(name))
        server.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s",
            (conninfo_to_dict(empty_database_url)["dbname"],),
        )
    answer = await scraper.get(METRICS)
    found = read(answer)
    assert (answer.status_code, found["taskfold_ready", frozenset()]) == (200, 0.0)
    assert "taskfold_commands_waiting" in answer.text
    assert "taskfold_projection_" not in answer.text


async def test_with_a_token_set_only_its_bearer_may_read(database_url: str, user_id: str) -> None:
    async with running_on(database_url, metrics_token=TOKEN) as application:
        async with application.client() as nobody:
            missing = await nobody.get(METRICS)
        async with application.client_of(user_id) as person:
            wrong = await person.get(METRICS)
        async with application.client(Authorization=f"Bearer {TOKEN}") as scraper:
            right = await scraper.get(METRICS)
            elsewhere = await scraper.get("/api/tasks")
    assert (missing.status_code, missing.json()["code"]) == (401, "unauthenticated")
    assert missing.headers["www-authenticate"].startswith("Bearer")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "unauthenticated")
    assert 'error="invalid_token"' in wrong.headers["www-authenticate"]
    assert right.status_code == 200
    assert elsewhere.status_code == 401
