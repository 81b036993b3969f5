import base64
from typing import Any

import httpx2
import pytest
from hypothesis import given, strategies as st

from events.ids import new_id
from projections.task_change import UNSET
from tests.http.application import BASE_URL, Running

pytestmark = pytest.mark.anyio

HISTORY = "/api/tasks/1/history"


def told(answer: httpx2.Response) -> list[tuple[str, list[tuple[object, ...]]]]:
    """What happened and which fields changed, in the order of the answer."""
    return [
        (
            each["type"],
            [(change["field"], *list(change.values())[1:]) for change in each["changes"]],
        )
        for each in answer.json()
    ]


def versions(answer: httpx2.Response) -> list[int]:
    return [each["version"] for each in answer.json()]


async def renamed(client: httpx2.AsyncClient, times: int) -> None:
    """A task of so many versions."""
    await client.post("/api/tasks", json={"title": "1"})
    for version in range(2, times + 1):
        await client.patch("/api/tasks/1", json={"title": str(version)})


async def test_every_kind_of_change_is_told_before_and_after(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "Water plants", "order": 2.5})
    await client.patch("/api/tasks/1", json={"title": "Water the plants"})
    await client.patch("/api/tasks/1", json={"description": "All of them."})
    await client.patch("/api/tasks/1", json={"order": 1e15})
    await client.patch("/api/tasks/1", json={"priority": "high", "tags": ["b", "a"]})
    await client.patch("/api/tasks/1", json={"due": "2026-12-24", "tags": None})
    for verb in ("complete", "complete", "reopen"):
        await client.post(f"/api/tasks/1/{verb}")
    await client.delete("/api/tasks/1")
    await client.post("/api/tasks/1/restore")
    answer = await client.get(f"{HISTORY}?order=oldest")
    assert told(answer) == [
        ("TaskCreated", [("title", None, "Water plants"), ("order", 1.0, 2.5)]),
        ("TaskRenamed", [("title", "Water plants", "Water the plants")]),
        ("TaskDescribed", [("description", "", "All of them.")]),
        ("TaskReordered", [("order", 2.5, 1e15)]),
        ("TaskPrioritised", [("priority", "none", "high")]),
        ("TaskRetagged", [("tags", [], ["a", "b"])]),
        ("TaskRetagged", [("tags", ["a", "b"], [])]),
        ("TaskRescheduled", [("due", None, "2026-12-24")]),
        ("TaskCompleted", [("completed", False, True)]),
        ("TaskReopened", [("completed", True, False)]),
        ("TaskDeleted", [("deleted", False, True)]),
        ("TaskRestored", [("deleted", True, False)]),
    ]
    assert versions(answer) == list(range(1, 13))


async def test_one_command_of_several_changes_is_several_revisions(
    client: httpx2.AsyncClient,
) -> None:
    body = {"title": "a", "description": "b", "completed": True}
    await client.post("/api/tasks", json={"title": "z"})
    await client.put("/api/tasks/1", json=body, headers={"X-Request-Id": "once"})
    newest = (await client.get(HISTORY)).json()[:3]
    assert {each["request_id"] for each in newest} == {"once"}
    assert {change["field"] for each in newest for change in each["changes"]} == {
        "title",
        "description",
        "completed",
    }


async def test_a_revision_says_who_when_and_through_what(
    client: httpx2.AsyncClient, user_id: str
) -> None:
    headers = {"X-Request-Id": "my-request", "User-Agent": "curl/8.14"}
    await client.post("/api/tasks", json={"title": "other"})
    created = await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    [revision] = (await client.get("/api/tasks/2/history")).json()
    assert revision == {
        "sequence": 2,
        "task_id": 2,
        "version": 1,
        "type": "TaskCreated",
        "at": created.json()["created_at"],
        "actor": user_id,
        "role": "owner",
        "command": "CreateTask",
        "request_id": "my-request",
        "correlation_id": "my-request",
        "client": "curl/8.14",
        "changes": [{"field": "title", "before": None, "after": "a"}],
        "data": {
            "title": "a",
            "description": "",
            "order": 2,
            "priority": "none",
            "tags": [],
            "due": "",
        },
    }


async def test_what_is_not_known_of_a_revision_is_left_out(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"}, headers={"User-Agent": ""})
    [revision] = (await client.get(HISTORY)).json()
    assert not {"client", "causation_id", "address"} & revision.keys()
    assert revision["at"].endswith("Z")


async def test_a_deleted_task_keeps_its_history(client: httpx2.AsyncClient) -> None:
    await renamed(client, 2)
    await client.delete("/api/tasks/1")
    answer = await client.get(HISTORY)
    assert (answer.status_code, versions(answer)) == (200, [3, 2, 1])


@pytest.mark.parametrize(
    ("order", "pages"),
    [("newest", [[7, 6, 5], [4, 3, 2], [1]]), ("oldest", [[1, 2, 3], [4, 5, 6], [7]])],
)
async def test_following_the_links_gives_every_revision_once(
    client: httpx2.AsyncClient, order: str, pages: list[list[int]]
) -> None:
    await renamed(client, 7)
    seen: list[list[int]] = []
    address = f"{HISTORY}?limit=3&order={order}"
    while address:
        answer = await client.get(address)
        seen.append(versions(answer))
        address = answer.links.get("next", {}).get("url", "")
    assert seen == pages


async def test_what_happens_while_paging_does_not_shift_the_pages(
    client: httpx2.AsyncClient,
) -> None:
    await renamed(client, 4)
    first = await client.get(f"{HISTORY}?limit=2")
    await client.delete("/api/tasks/1")
    second = await client.get(first.links["next"]["url"])
    assert (versions(first), versions(second)) == ([4, 3], [2, 1])
    assert "link" not in second.headers


async def test_a_link_is_absolute_and_keeps_what_was_asked(client: httpx2.AsyncClient) -> None:
    await renamed(client, 3)
    link = (await client.get(f"{HISTORY}?limit=2&order=oldest")).links["next"]["url"]
    assert link.startswith(f"{BASE_URL}{HISTORY}?order=oldest&limit=2&cursor=")


async def test_fifty_revisions_are_given_when_no_limit_is(client: httpx2.AsyncClient) -> None:
    await renamed(client, 51)
    answer = await client.get(HISTORY)
    assert versions(answer) == list(range(51, 1, -1))
    assert "limit=50" in answer.links["next"]["url"]


async def cursor_of(client: httpx2.AsyncClient, address: str) -> str:
    link = (await client.get(address)).links["next"]["url"]
    return httpx2.URL(link).params["cursor"]


@pytest.mark.parametrize(
    ("given_by", "used_in"),
    [
        (f"{HISTORY}?order=newest", f"{HISTORY}?order=oldest"),
        (f"{HISTORY}?order=oldest", HISTORY),
        (HISTORY, "/api/tasks/2/history"),
        (HISTORY, "/api/tasks"),
        ("/api/tasks", HISTORY),
    ],
)
async def test_a_cursor_of_one_list_is_none_of_another(
    client: httpx2.AsyncClient, given_by: str, used_in: str
) -> None:
    await renamed(client, 3)
    await client.post("/api/tasks", json={"title": "another"})
    cursor = await cursor_of(client, str(httpx2.URL(given_by).copy_add_param("limit", "1")))
    answer = await client.get(httpx2.URL(used_in).copy_add_param("cursor", cursor))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-cursor")


@pytest.mark.parametrize(
    ("order", "seen", "shown"),
    [
        ("newest", 1, []),
        ("newest", 2**63 - 1, [2, 1]),
        ("oldest", 2, []),
        ("oldest", 2**63 - 1, []),
    ],
)
async def test_a_made_up_cursor_leads_no_further_than_the_history(
    client: httpx2.AsyncClient, order: str, seen: int, shown: list[int]
) -> None:
    await renamed(client, 2)
    cursor = base64.urlsafe_b64encode(f"history/1/{order}={seen}".encode()).decode()
    answer = await client.get(HISTORY, params={"order": order, "cursor": cursor})
    assert (answer.status_code, versions(answer)) == (200, shown)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("order=random", "order"),
        ("order=", "order"),
        ("sort=at", "sort"),
    ],
)
async def test_what_a_history_does_not_know_is_refused_by_name(
    client: httpx2.AsyncClient, query: str, parameter: str
) -> None:
    await renamed(client, 1)
    answer = await client.get(f"{HISTORY}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    [error] = answer.json()["errors"]
    assert error["parameter"] == parameter
    assert error["detail"].startswith("This must be ") or parameter == "sort"


@pytest.mark.parametrize("task_id", ["2", "0", "x", str(2**63 - 1), str(2**63)])
async def test_a_task_that_never_was_has_no_history(
    client: httpx2.AsyncClient, task_id: str
) -> None:
    await renamed(client, 1)
    answer = await client.get(f"/api/tasks/{task_id}/history")
    assert (answer.status_code, answer.json()["code"]) == (404, "task-not-found")


async def test_history_answers_head_and_options(client: httpx2.AsyncClient) -> None:
    await renamed(client, 2)
    names = {"X-Request-Id": "r"}
    got = await client.get(f"{HISTORY}?limit=1", headers=names)
    head = await client.head(f"{HISTORY}?limit=1", headers=names)
    assert (head.status_code, head.headers, head.content) == (200, got.headers, b"")
    assert (await client.options(HISTORY)).headers["allow"] == "GET, HEAD, OPTIONS"
    assert (await client.post(HISTORY)).headers["allow"] == "GET, HEAD, OPTIONS"


async def test_history_needs_a_token(anonymous: httpx2.AsyncClient) -> None:
    assert (await anonymous.get(HISTORY)).status_code == 401


async def test_a_history_that_is_not_filled_yet_is_not_told_in_part(
    application: Running, client: httpx2.AsyncClient
) -> None:
    await renamed(client, 1)
    fill = "update taskfold.projection set version = %s where name = 'task_change'"
    async with application.state["pool"].connection() as connection:
        await connection.execute(fill, (0,))
        try:
            answer = await client.get(HISTORY)
            nobodys = await client.get("/api/tasks/2/history")
        finally:
            await connection.execute(fill, (1,))
    assert (answer.status_code, answer.json()["code"]) == (503, "not-caught-up")
    assert int(answer.headers["retry-after"]) > 0
    assert nobodys.status_code == 404


def folded(revisions: list[dict[str, Any]]) -> dict[str, object]:
    """Fold a history, oldest first, seeing to it that each change begins where the last ended."""
    fields: dict[str, object] = {**UNSET, "order": 1.0}
    for revision in revisions:
        for change in revision["changes"]:
            assert change["before"] == fields[change["field"]]
            fields[change["field"]] = change["after"]
    return fields


bodies = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["a", "b", "c"]),
        "description": st.sampled_from(["", "d", "e"]),
        "order": st.sampled_from([1.0, 2.5, -1e15]),
        "priority": st.sampled_from(["none", "low", "high"]),
        "tags": st.sampled_from([[], ["a"], ["b", "a"]]),
        "due": st.sampled_from([None, "2026-12-24", "2026-12-24T17:00[Europe/Vienna]"]),
        "completed": st.booleans(),
    },
)
asked = st.one_of(
    st.tuples(st.just("PATCH"), st.just(""), bodies),
    st.tuples(st.just("PUT"), st.just(""), bodies.map(lambda body: {"title": "t", **body})),
    st.tuples(st.just("DELETE"), st.just(""), st.none()),
    st.tuples(
        st.just("POST"), st.sampled_from(["/complete", "/reopen", "/restore", "/undo"]), st.none()
    ),
)


@given(first=bodies.map(lambda body: {"title": "t", **body}), rest=st.lists(asked, max_size=8))
async def test_the_changes_of_any_history_lead_to_the_task_as_it_is(
    application: Running, first: dict[str, object], rest: list[tuple[str, str, dict[str, object]]]
) -> None:
    async with application.client_of(f"user-{new_id()}") as client:
        await client.post("/api/tasks", json=first)
        for method, verb, body in rest:
            await client.request(method, f"/api/tasks/1{verb}", json=body)
        fields = folded((await client.get(f"{HISTORY}?order=oldest&limit=200")).json())
        task = await client.get("/api/tasks/1")
        assert fields.pop("deleted") is (task.status_code == 404)
        now = (await client.post("/api/tasks/1/restore")).json()
        assert fields == {field: now[field] for field in fields}
