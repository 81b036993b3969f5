import asyncio

import httpx2
import pytest

from tests.http.application import Running

pytestmark = pytest.mark.anyio

ADMINISTRATION = [
    ("GET", "/api/admin/users/ada/events", "auditor"),
    ("GET", "/api/admin/users/ada/tasks/1/history", "auditor"),
    ("GET", "/api/admin/projections", "operator"),
    ("POST", "/api/admin/projections/daily_activity/pause", "operator"),
    ("POST", "/api/admin/projections/daily_activity/resume", "operator"),
]


@pytest.mark.parametrize(("method", "path", "role"), ADMINISTRATION, ids=str)
async def test_whoever_lacks_the_role_is_turned_away(
    application: Running, client: httpx2.AsyncClient, method: str, path: str, role: str
) -> None:
    other = "operator" if role == "auditor" else "auditor"
    async with application.client_of("grace", role=other) as wrong:
        for who in (client, wrong):
            answer = await who.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
            assert role in answer.json()["detail"]


async def test_without_a_token_nobody_has_a_role(anonymous: httpx2.AsyncClient) -> None:
    for method, path, _ in ADMINISTRATION:
        assert (await anonymous.request(method, path)).status_code == 401


async def test_an_auditor_reads_a_trail_page_by_page_and_the_user_sees_it(
    application: Running, client: httpx2.AsyncClient, user_id: str
) -> None:
    for title in ("Tea", "Milk", "Bread"):
        await client.post("/api/tasks", json={"title": title})
    async with application.client_of("grace", role="auditor") as auditor:
        first = await auditor.get(f"/api/admin/users/{user_id}/events?limit=2&order=oldest")
        rest = await auditor.get(first.links["next"]["url"])
        history = await auditor.get(f"/api/admin/users/{user_id}/tasks/1/history")
        missing = await auditor.get(f"/api/admin/users/{user_id}/tasks/9/history")
        assert (await auditor.get("/api/me/accesses")).json() == []
    events = [*first.json(), *rest.json()]
    assert [(each["sequence"], each["data"]["title"]) for each in events] == [
        (1, "Tea"),
        (2, "Milk"),
        (3, "Bread"),
    ]
    assert "next" not in rest.links
    assert history.json() == (await client.get("/api/tasks/1/history")).json()
    assert missing.status_code == 404
    newest = await client.get("/api/me/accesses?limit=3")
    older = await client.get(newest.links["next"]["url"])
    seen = [*newest.json(), *older.json()]
    assert [(each["sequence"], each["what"]) for each in seen] == [
        (4, "tasks/9/history"),
        (3, "tasks/1/history"),
        (2, "events"),
        (1, "events"),
    ]
    assert {(each["actor"], each["role"]) for each in seen} == {("grace", "auditor")}
    assert seen[1]["request_id"] == history.headers["x-request-id"]


async def test_a_trail_that_cannot_be_recorded_is_not_shown(
    application: Running, user_id: str
) -> None:
    async with (
        application.client_of("grace", role="auditor") as auditor,
        application.state["pool"].connection() as blocker,
        blocker.transaction(),
    ):
        await blocker.execute("lock table taskfold.access in exclusive mode")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await auditor.get(f"/api/admin/users/{user_id}/events")


async def test_what_cannot_be_a_user_is_none(application: Running) -> None:
    async with application.client_of("grace", role="auditor") as auditor:
        answer = await auditor.get("/api/admin/users/a%0Ab/events")
    assert (answer.status_code, answer.json()["code"]) == (404, "user-not-found")


async def test_an_operator_sees_stops_and_starts_projections(application: Running) -> None:
    path = "/api/admin/projections"
    async with application.client_of("olga", role="operator") as operator:
        names = [each["name"] for each in (await operator.get(path)).json()]
        paused = await operator.post(f"{path}/daily_activity/pause")
        resumed = await operator.post(f"{path}/daily_activity/resume")
        unknown = await operator.post(f"{path}/nothing/pause")
        inline = await operator.post(f"{path}/task/pause")
    assert names == ["task", "task_change", "task_terms", "daily_activity"]
    assert (paused.json()["condition"], resumed.json()["condition"]) == ("paused", "live")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "projection-not-found")
    assert (inline.status_code, inline.json()["code"]) == (409, "not-pausable")
