import asyncio

import httpx2
import pytest

from tests.http.application import Running
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

TASK = "/api/tasks/1"
UNDO = f"{TASK}/undo"


@pytest.fixture
async def client(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """A person with one task, whose second change was of two fields."""
    await client.post("/api/tasks", json={"title": "a"})
    await client.patch(TASK, json={"title": "b", "tags": ["x"]})
    return client


async def test_the_latest_change_is_undone_as_a_whole_and_redone(
    client: httpx2.AsyncClient,
) -> None:
    undone = await client.post(UNDO)
    assert (undone.status_code, undone.headers["etag"]) == (200, '"5"')
    assert (undone.json()["title"], undone.json()["tags"]) == ("a", [])
    assert undone.json() == (await client.get(TASK)).json()
    redone = await client.post(UNDO)
    assert (redone.json()["title"], redone.json()["tags"]) == ("b", ["x"])


async def test_the_history_says_what_was_undone(client: httpx2.AsyncClient) -> None:
    await client.post("/api/events/3/undo")
    [undone, *before] = (await client.get(f"{TASK}/history")).json()
    assert (undone["command"], undone["undoes"]) == ("UndoEvent", 3)
    assert undone["changes"] == [{"field": "tags", "before": ["x"], "after": []}]
    assert not [each for each in before if "undoes" in each]


async def test_an_auditor_sees_what_was_undone(
    application: Running, client: httpx2.AsyncClient, user_id: str
) -> None:
    await client.post("/api/events/3/undo")
    async with application.client_of("grace", role="auditor") as auditor:
        trail = (await auditor.get(f"/api/admin/users/{user_id}/events")).json()
    assert [each.get("undoes") for each in trail] == [3, None, None, None]


async def test_a_later_change_is_named_and_overwritten_only_by_force(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    later = (await client.patch(TASK, json={"title": "c"})).json()
    refused = await client.post("/api/events/2/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "later-change")
    assert refused.json()["later_event"] == {
        "sequence": 4,
        "type": "TaskRenamed",
        "at": later["updated_at"],
        "field": "title",
    }
    assert "event 4 (TaskRenamed, 20" in refused.json()["detail"]
    assert await count_events() == 4
    forced = await client.post("/api/events/2/undo?force=true")
    assert (forced.json()["title"], forced.json()["tags"]) == ("a", ["x"])
    assert (await client.post(UNDO)).json()["title"] == "c"


async def test_what_is_undone_already_stays_so(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    first, again = [await client.post("/api/events/2/undo") for _ in range(2)]
    assert again.json() == first.json()
    assert again.headers["taskfold-sequence"] == "4"
    assert await count_events() == 4


async def test_undone_at_once_by_many_it_is_undone_once(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    answers = await asyncio.gather(*(client.post("/api/events/2/undo") for _ in range(10)))
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert await count_events() == 4


async def test_a_deletion_comes_back_and_goes_again(client: httpx2.AsyncClient) -> None:
    before = (await client.get(TASK)).json()
    await client.delete(TASK)
    restored = await client.post("/api/events/4/undo")
    changing = ("version", "updated_at")
    assert {k: v for k, v in restored.json().items() if k not in changing} == {
        k: v for k, v in before.items() if k not in changing
    }
    deleted = await client.post(UNDO)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (deleted.headers["etag"], deleted.headers["taskfold-sequence"]) == ('"6"', "6")
    assert (await client.get(TASK)).json()["code"] == "task-deleted"


async def test_tasks_that_were_deleted_together_come_back_one_by_one(
    client: httpx2.AsyncClient,
) -> None:
    await client.post("/api/tasks", json={"title": "z"})
    await client.delete("/api/tasks")
    assert (await client.post("/api/events/5/undo")).json()["title"] == "b"
    assert [task["id"] for task in (await client.get("/api/tasks")).json()] == [1]
    assert (await client.post("/api/tasks/2/undo")).json()["title"] == "z"


async def test_a_creation_is_undone_by_deleting_and_redone_by_restoring(
    client: httpx2.AsyncClient,
) -> None:
    created = await client.post("/api/tasks", json={"title": "c", "completed": True})
    sequence = int(created.headers["taskfold-sequence"]) - 1
    for _ in range(2):
        undone = await client.post(f"/api/events/{sequence}/undo")
        assert (undone.status_code, undone.headers["etag"]) == (204, '"3"')
    redone = await client.post("/api/tasks/2/undo")
    assert (redone.json()["title"], redone.json()["completed"]) == ("c", True)


async def test_while_a_task_is_deleted_nothing_else_of_it_is_undone(
    client: httpx2.AsyncClient,
) -> None:
    await client.delete(TASK)
    answer = await client.post("/api/events/2/undo?force=true")
    assert (answer.status_code, answer.json()["code"]) == (404, "task-deleted")


@pytest.mark.parametrize("path", [UNDO, "/api/events/3/undo"])
async def test_an_undo_is_conditional_if_it_wants_to_be(
    client: httpx2.AsyncClient, count_events: CountEvents, path: str
) -> None:
    stale = await client.post(path, headers={"If-Match": '"2"'})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"3"')
    assert await count_events() == 3
    assert (await client.post(path, headers={"If-Match": '"3"'})).status_code == 200


@pytest.mark.parametrize("path", [UNDO, "/api/events/3/undo", "/api/events/1/undo?force=true"])
async def test_a_retried_undo_is_done_once_and_answered_as_before(
    client: httpx2.AsyncClient, count_events: CountEvents, path: str
) -> None:
    key = {"Idempotency-Key": "k"}
    first = await client.post(path, headers=key)
    count = await count_events()
    again = await client.post(path, headers=key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert await count_events() == count


async def test_a_key_belongs_to_one_event_and_to_one_answer_about_force(
    client: httpx2.AsyncClient,
) -> None:
    key = {"Idempotency-Key": "k"}
    await client.post("/api/events/3/undo", headers=key)
    for path in ("/api/events/2/undo", "/api/events/3/undo?force=true", UNDO):
        answer = await client.post(path, headers=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize("path", ["/api/events/3/undo", "/api/events/1/undo?force=true"])
async def test_the_task_need_not_be_sent_back(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.post(path, headers={"Prefer": "return=minimal"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"] == '"4"'


async def test_another_persons_event_answers_like_one_that_does_not_exist(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    assert (await client.post("/api/events/7/undo")).json()["code"] == "event-not-found"
    theirs, nobodys = [
        await stranger.post(f"/api/events/{number}/undo", headers={"X-Request-Id": "r"})
        for number in (3, 7)
    ]
    assert (theirs.status_code, theirs.headers) == (404, nobodys.headers)
    assert theirs.text.replace("3", "N") == nobodys.text.replace("7", "N")
    assert (await client.get(TASK)).json()["tags"] == ["x"]


@pytest.mark.parametrize("number", ["0", "-1", "01", "x", "1.5", "9" * 30, "%00"])
async def test_what_is_no_sequence_is_no_event(client: httpx2.AsyncClient, number: str) -> None:
    answer = await client.post(f"/api/events/{number}/undo")
    assert (answer.status_code, answer.json()["code"]) == (404, "event-not-found")


@pytest.mark.parametrize("query", ["force=maybe", "forced=true", "force="])
async def test_what_is_not_understood_is_refused(
    client: httpx2.AsyncClient, count_events: CountEvents, query: str
) -> None:
    answer = await client.post(f"/api/events/3/undo?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert await count_events() == 3


async def test_it_is_there_under_the_name_of_the_user_too(
    client: httpx2.AsyncClient, user_id: str
) -> None:
    answer = await client.post(f"/api/{user_id}/tasks/1/undo")
    assert (answer.status_code, answer.json()["title"]) == (200, "a")
