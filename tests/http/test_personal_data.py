"""Taking along and erasing all one has here."""

import io
import json
from typing import Any

import httpx2
import pytest

from commands.tasks import EraseLog
from events.export_reader import read_export
from tests.http.application import Running
from tests.http.conftest import CountEvents
from tests.people import asking

pytestmark = pytest.mark.anyio

ERASE = {"Taskfold-Confirm": "erase"}


async def busy(client: httpx2.AsyncClient) -> None:
    for title in ("Secret", "More", "Gone"):
        await client.post("/api/tasks", json={"title": title, "description": "hidden"})
    await client.post("/api/tasks/1/complete")
    await client.delete("/api/tasks/3")


async def lines(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    answer = await client.get("/api/me/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_an_export_holds_every_task_and_every_event_and_is_closed(
    client: httpx2.AsyncClient, user_id: str
) -> None:
    await busy(client)
    exported = await lines(client)
    tasks = [line["data"] for line in exported if line["type"] == "taskfold.task"]
    assert [(task["id"], task["title"], task["deleted_at"] is None) for task in tasks] == [
        (1, "Secret", True),
        (2, "More", True),
        (3, "Gone", False),
    ]
    events = exported[3:-1]
    assert [event["sequence"] for event in events] == ["1", "2", "3", "4", "5"]
    assert {event["userid"] for event in events} == {user_id}
    assert exported[-1]["data"]["events"] == 5
    # How much others do is nobody's business.
    assert all(event["position"] == event["sequence"] for event in events)


async def test_an_export_is_read_back_and_verified_by_our_own_reader(
    client: httpx2.AsyncClient,
) -> None:
    await busy(client)
    for _ in range(2):
        document = (await client.get("/api/me/export")).content
        pages = list(read_export(io.BytesIO(document)))
        assert sum(len(page.rows) for page in pages) in {5, 6}
        await client.delete("/api/me", headers=ERASE)


async def test_who_has_nothing_gets_a_closing_line(client: httpx2.AsyncClient) -> None:
    [closing] = await lines(client)
    assert closing["data"] | {"sha256": ""} == {"events": 0, "logs": 0, "sha256": ""}


async def test_an_export_holds_nothing_of_others(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    await busy(client)
    assert len(await lines(stranger)) == 1


async def test_an_export_has_many_pages(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    for number in range(520):
        await client.patch("/api/tasks/1", json={"title": str(number)})
    assert len(await lines(client)) == 1 + 521 + 1


@pytest.mark.parametrize("headers", [{}, {"Taskfold-Confirm": "yes"}])
async def test_an_erasure_without_confirmation_does_nothing(
    client: httpx2.AsyncClient, count_events: CountEvents, headers: dict[str, str]
) -> None:
    await busy(client)
    answer = await client.delete("/api/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (428, "confirmation-required")
    assert await count_events() == 5


async def test_an_erasure_leaves_nothing_to_be_read(client: httpx2.AsyncClient) -> None:
    await busy(client)
    tag = (await client.get("/api/tasks")).headers["etag"]
    answer = await client.delete("/api/me", headers=ERASE)
    assert (answer.status_code, answer.json()) == (200, {"sequence": 6, "erased_through": 5})
    assert answer.headers["taskfold-sequence"] == "6"
    listed = await client.get("/api/tasks", headers={"If-None-Match": tag})
    assert (listed.status_code, listed.json()) == (200, [])
    for path in ("/api/tasks/1", "/api/tasks/3"):
        assert (await client.get(path)).json()["code"] == "task-not-found"
    for verb in ("complete", "restore"):
        assert (await client.post(f"/api/tasks/1/{verb}")).status_code == 404
    exported = await client.get("/api/me/export")
    assert "Secret" not in exported.text
    assert "hidden" not in exported.text


async def test_a_history_tells_that_it_was_erased(client: httpx2.AsyncClient) -> None:
    await busy(client)
    await client.delete("/api/me", headers=ERASE)
    answer = await client.get("/api/tasks/1/history")
    assert answer.status_code == 200
    assert "Secret" not in answer.text
    assert [(one["type"], one["changes"]) for one in answer.json()] == [
        ("TaskCompleted", []),
        ("TaskCreated", []),
    ]


async def test_an_auditor_sees_that_events_were_erased(
    application: Running, client: httpx2.AsyncClient, user_id: str
) -> None:
    await busy(client)
    await client.delete("/api/me", headers=ERASE)
    async with application.client_of(f"auditor-{user_id}", role="auditor") as auditor:
        answer = await auditor.get(f"/api/admin/users/{user_id}/events")
    assert answer.status_code == 200
    assert [event["data"] for event in answer.json()] == [{"through": 5}, *[None] * 5]
    assert answer.json()[0]["task_id"] == 0


async def test_asked_twice_an_erasure_is_recorded_once(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    await busy(client)
    first = await client.delete("/api/me", headers=ERASE)
    again = await client.delete("/api/me", headers=ERASE)
    assert first.json() == again.json()
    assert await count_events() == 6


async def test_a_retry_does_not_erase_what_came_after(client: httpx2.AsyncClient) -> None:
    await busy(client)
    once = {**ERASE, "Idempotency-Key": "once"}
    await client.delete("/api/me", headers=once)
    created = await client.post("/api/tasks", json={"title": "new"})
    assert created.json()["id"] == 4
    again = await client.delete("/api/me", headers=once)
    assert again.headers["idempotency-replayed"] == "true"
    assert [task["title"] for task in (await client.get("/api/tasks")).json()] == ["new"]


async def test_others_keep_what_they_have(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    await busy(stranger)
    await client.delete("/api/me", headers=ERASE)
    assert len((await stranger.get("/api/tasks")).json()) == 2


READS = (
    *("/api/tasks?as_of=4", "/api/tasks?as_of=4&q=zebra", "/api/tasks?as_of=5"),
    *("/api/tasks/1?as_of=2", "/api/tasks/1?as_of=5"),
    *("/api/tasks/1/versions/1", "/api/tasks/1/history", "/api/events", "/api/events?order=oldest"),
    *("/api/sync", "/api/diff?from=0", "/api/diff?from=4&to=1", "/api/me/export"),
)


async def test_the_past_is_empty_from_the_moment_an_erasure_is_recorded(
    application: Running, client: httpx2.AsyncClient, user_id: str
) -> None:
    async def shown() -> list[tuple[int, str]]:
        answers = [await client.get(path) for path in (*READS, f"/api/events?actor={user_id}")]
        return [(each.status_code, each.text if each.is_success else "") for each in answers]

    await client.post("/api/tasks", json={"title": "Zebra", "tags": ["zebra"]})
    await client.post("/api/tasks/1/complete")
    await client.post("/api/tasks", json={"title": "a", "description": "Zebra"})
    assert "Zebra" in str(await shown())
    # As if the process had been killed before it began to take anything away.
    await application.state["handler"].handle(asking(user_id), EraseLog())
    between = await shown()
    assert "zebra" not in str(between).lower()
    await client.delete("/api/me", headers=ERASE)
    assert between == await shown()
