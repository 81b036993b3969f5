from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from events import clock

pytestmark = pytest.mark.anyio


async def active(client: httpx2.AsyncClient, query: str = "") -> httpx2.Response:
    """Ask for activity that holds everything the client has done."""
    latest = await client.post("/api/tasks/1/complete")
    waiting = {"Taskfold-Not-Before": latest.headers.get("taskfold-sequence", "0")}
    return await client.get(f"/api/activity{query}", headers=waiting)


def today() -> date:
    return clock.now().date()


async def test_a_day_counts_what_was_done_on_it(client: httpx2.AsyncClient) -> None:
    for _ in range(3):
        await client.post("/api/tasks", json={"title": "a"})
    for verb in ("complete", "reopen", "complete", "complete"):
        await client.post(f"/api/tasks/1/{verb}")
    await client.patch("/api/tasks/2", json={"title": "b"})
    await client.delete("/api/tasks/2")
    await client.post("/api/tasks/2/restore")
    before = today()
    answer = await active(client)
    if before == today():
        counts = {"created": 3, "completed": 2, "reopened": 1, "deleted": 1}
        assert answer.json() == [{"day": before.isoformat(), **counts}]
    assert answer.status_code == 200


async def test_who_has_done_nothing_gets_an_empty_array(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/activity")
    assert (answer.status_code, answer.text) == (200, "[]")
    assert answer.headers["taskfold-sequence"] == "0"
    assert answer.headers["taskfold-lag"] == "0.0"


async def test_others_do_not_see_what_i_did(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    assert (await active(client)).json() != []
    assert (await stranger.get("/api/activity")).json() == []


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [(-1, -1, False), (0, 0, True), (-365, 0, True), (1, 2, False), (0, 1, True)],
)
async def test_both_ends_are_included(
    client: httpx2.AsyncClient, first: int, last: int, *, shown: bool
) -> None:
    created = await client.post("/api/tasks", json={"title": "a"})
    day = datetime.fromisoformat(created.json()["created_at"]).astimezone(UTC).date()
    query = f"?from={day + timedelta(days=first)}&to={day + timedelta(days=last)}"
    assert bool((await active(client, query)).json()) is shown


REFUSED = {
    "from=yesterday": "from",
    "from=2026-02-30": "from",
    "from=1700000000": "from",
    "from=20260101": "from",
    "from=2026-01-01T00:00:00": "from",
    "to=": "to",
    "to=0000-01-01": "to",
    "from=2026-02-02&to=2026-02-01": "from",
    "from=2025-01-01&to=2026-01-02": "from",
    "from=0001-01-01": "from",
    "from=9999-12-31": "from",
    "since=2026-01-01": "since",
}


@pytest.mark.parametrize("query", REFUSED)
async def test_days_that_are_none_are_refused_by_name(
    client: httpx2.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/api/activity?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    [error] = answer.json()["errors"]
    assert error["parameter"] == REFUSED[query]
    assert error["detail"].startswith("This ")


@pytest.mark.parametrize(
    "query", ["from=2024-01-01&to=2024-12-31", "to=0001-01-05", "from=9998-12-31&to=9999-12-31"]
)
async def test_a_year_may_be_asked_for_at_once_whichever(
    client: httpx2.AsyncClient, query: str
) -> None:
    assert (await client.get(f"/api/activity?{query}")).json() == []


async def test_activity_needs_a_token(anonymous: httpx2.AsyncClient) -> None:
    answer = await anonymous.get("/api/activity", headers={"Taskfold-Not-Before": "x"})
    assert answer.status_code == 401
