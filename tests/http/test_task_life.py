from datetime import UTC, datetime

import httpx2
import pytest

from tests.http.application import BASE_URL
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


async def create(client: httpx2.AsyncClient, **fields: object) -> httpx2.Response:
    answer = await client.post("/api/tasks", json={"title": "Water the plants", **fields})
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_created_task_is_answered_in_full(client: httpx2.AsyncClient) -> None:
    before = datetime.now(UTC)
    answer = await create(client, description="Both.\n\tAll of them.")
    task = answer.json()
    assert answer.headers["location"] == task["url"] == f"{BASE_URL}/api/tasks/1"
    assert answer.headers["etag"] == '"1"'
    assert task["created_at"] == task["updated_at"]
    assert task["created_at"].endswith("Z")
    assert before <= datetime.fromisoformat(task.pop("created_at")) <= datetime.now(UTC)
    del task["updated_at"]
    assert task == {
        "id": 1,
        "url": f"{BASE_URL}/api/tasks/1",
        "title": "Water the plants",
        "description": "Both.\n\tAll of them.",
        "completed": False,
        "completed_at": None,
        "order": 1.0,
        "priority": "none",
        "tags": [],
        "due": None,
        "version": 1,
    }


async def test_a_task_may_be_created_done(client: httpx2.AsyncClient) -> None:
    answer = await create(client, completed=True)
    task = answer.json()
    assert task["completed"] is True
    assert task["completed_at"] == task["created_at"]
    assert answer.headers["etag"] == '"2"'


async def test_tasks_are_numbered_per_user(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    mine = [(await create(client)).json()["id"] for _ in range(3)]
    theirs = [(await create(stranger)).json()["id"] for _ in range(2)]
    assert (mine, theirs) == ([1, 2, 3], [1, 2])


async def test_a_title_loses_the_white_space_around_it(client: httpx2.AsyncClient) -> None:
    assert (await create(client, title="\t Water  the plants \n")).json()["title"] == (
        "Water  the plants"
    )


async def test_a_created_task_reads_back_the_same(client: httpx2.AsyncClient) -> None:
    created = await create(client, order=-2.5)
    read = await client.get("/api/tasks/1")
    assert read.json() == created.json()
    assert read.headers["etag"] == created.headers["etag"]


@pytest.mark.parametrize("title", ["日本語のタスク 🪴", "a" * 200, "<b>'; drop table--", "{}", "é́"])
async def test_any_line_of_characters_is_a_title(client: httpx2.AsyncClient, title: str) -> None:
    await create(client, title=title)
    assert (await client.get("/api/tasks/1")).json()["title"] == title


async def test_a_merge_patch_changes_only_what_it_names(client: httpx2.AsyncClient) -> None:
    before = (await create(client, description="Both.", order=7)).json()
    answer = await client.patch("/api/tasks/1", json={"title": "Feed the cat"}, headers=MERGE_PATCH)
    after = answer.json()
    assert answer.headers["etag"] == '"2"'
    assert after == before | {
        "title": "Feed the cat",
        "version": 2,
        "updated_at": after["updated_at"],
    }
    assert after["updated_at"] > before["updated_at"]


async def test_a_patch_may_come_as_plain_json(client: httpx2.AsyncClient) -> None:
    await create(client)
    answer = await client.patch("/api/tasks/1", json={"order": 0.5, "completed": True})
    assert answer.status_code == 200
    assert (answer.json()["order"], answer.json()["completed"]) == (0.5, True)


async def test_null_in_a_patch_clears_the_description(client: httpx2.AsyncClient) -> None:
    await create(client, description="Both.")
    answer = await client.patch("/api/tasks/1", json={"description": None}, headers=MERGE_PATCH)
    assert answer.json()["description"] == ""


async def test_a_patch_that_changes_nothing_appends_nothing(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    created = await create(client)
    for body in ({}, {"title": "Water the plants"}, {"completed": False, "description": None}):
        answer = await client.patch("/api/tasks/1", json=body)
        assert (answer.status_code, answer.json()) == (200, created.json())
    assert await count_events() == 1


async def test_put_returns_what_it_leaves_out_to_its_default(client: httpx2.AsyncClient) -> None:
    await create(client)
    await create(client, description="Both.", order=99)
    await client.post("/api/tasks/2/complete")
    answer = await client.put("/api/tasks/2", json={"title": "Feed the cat"})
    task = answer.json()
    assert answer.status_code == 200
    assert (task["title"], task["description"], task["order"]) == ("Feed the cat", "", 2.0)
    assert (task["completed"], task["completed_at"]) == (False, None)


async def test_put_sets_everything_at_once(client: httpx2.AsyncClient) -> None:
    await create(client)
    wanted = {"title": "Feed the cat", "description": "Twice.", "completed": True, "order": -1.5}
    task = (await client.put("/api/tasks/1", json=wanted)).json()
    assert {name: task[name] for name in wanted} == wanted


async def test_put_does_not_create(client: httpx2.AsyncClient, count_events: CountEvents) -> None:
    answer = await client.put("/api/tasks/1", json={"title": "Feed the cat"})
    assert (answer.status_code, answer.json()["code"]) == (404, "task-not-found")
    assert await count_events() == 0


async def test_completing_and_reopening_can_be_repeated(client: httpx2.AsyncClient) -> None:
    await create(client)
    done = await client.post("/api/tasks/1/complete")
    again = await client.post("/api/tasks/1/complete")
    assert done.json()["completed_at"] == done.json()["updated_at"]
    assert (done.json(), done.headers["etag"]) == (again.json(), again.headers["etag"])
    opened = await client.post("/api/tasks/1/reopen")
    assert (opened.json()["completed"], opened.json()["completed_at"]) == (False, None)
    assert (await client.post("/api/tasks/1/reopen")).json() == opened.json()
    assert opened.headers["etag"] == '"3"'


async def test_a_deleted_task_is_gone_and_says_how_it_comes_back(
    client: httpx2.AsyncClient,
) -> None:
    await create(client)
    deleted = await client.delete("/api/tasks/1")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert "content-type" not in deleted.headers
    assert (await client.get("/api/tasks")).json() == []
    for answer in (
        await client.get("/api/tasks/1"),
        await client.delete("/api/tasks/1"),
        await client.put("/api/tasks/1", json={"title": "Feed the cat"}),
        await client.patch("/api/tasks/1", json={"title": "Feed the cat"}),
        await client.post("/api/tasks/1/complete"),
        await client.post("/api/tasks/1/reopen"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "task-deleted")
        assert "restore" in answer.json()["detail"]


async def test_a_restored_task_is_as_it_was(client: httpx2.AsyncClient) -> None:
    await create(client, description="Both.", order=5)
    before = (await client.post("/api/tasks/1/complete")).json()
    await client.delete("/api/tasks/1")
    answer = await client.post("/api/tasks/1/restore")
    after = answer.json()
    assert answer.status_code == 200
    assert after == before | {"version": 4, "updated_at": after["updated_at"]}
    assert (await client.post("/api/tasks/1/restore")).json() == after
    assert (await client.get("/api/tasks")).json() == [after]


async def test_a_deleted_number_is_not_given_again(client: httpx2.AsyncClient) -> None:
    await create(client)
    await client.delete("/api/tasks/1")
    assert (await create(client)).json()["id"] == 2
