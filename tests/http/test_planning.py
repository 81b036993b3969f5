import httpx2
import pytest

from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

PLANNED = {
    "priority": "high",
    "tags": ["errands", "food"],
    "due": "2026-12-24T17:00:00+01:00[Europe/Vienna]",
}
CLEARED: dict[str, object] = {"priority": "none", "tags": [], "due": None}


def planning(answer: httpx2.Response) -> dict[str, object]:
    task = answer.json()
    return {name: task[name] for name in PLANNED}


async def test_a_task_may_be_created_with_a_plan(client: httpx2.AsyncClient) -> None:
    created = await client.post("/api/tasks", json={"title": "a", **PLANNED})
    assert planning(created) == PLANNED
    assert (await client.get("/api/tasks/1")).json() == created.json()
    assert (await client.get("/api/tasks")).json() == [created.json()]


async def test_each_part_of_a_plan_is_a_fact_of_its_own(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    answer = await client.patch("/api/tasks/1", json=PLANNED)
    assert planning(answer) == PLANNED
    assert await count_events() == 4
    again = await client.patch("/api/tasks/1", json={**PLANNED, "tags": ["food", "errands"]})
    assert again.json() == answer.json()
    assert await count_events() == 4


async def test_null_in_a_patch_clears_a_plan(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a", **PLANNED})
    answer = await client.patch("/api/tasks/1", json=dict.fromkeys(PLANNED))
    assert planning(answer) == CLEARED


async def test_put_returns_a_plan_it_leaves_out_to_its_default(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a", **PLANNED})
    assert planning(await client.put("/api/tasks/1", json={"title": "a"})) == CLEARED
    assert planning(await client.put("/api/tasks/1", json={"title": "a", **PLANNED})) == PLANNED


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (["b", "a", "b"], ["a", "b"]),
        (["  Work ", "work"], ["work"]),
        (["E\u0301te\u0301", "\u00c9T\u00c9"], ["\u00e9t\u00e9"]),
        (["Stra\u00dfe", "two   words"], ["stra\u00dfe", "two words"]),
        (['"', "\\", "{a,b}", "NULL", "'"], ['"', "'", "\\", "null", "{a,b}"]),
        (["a" * 50], ["a" * 50]),
        ([], []),
    ],
)
async def test_tags_are_a_set_in_one_spelling(
    client: httpx2.AsyncClient, sent: list[str], kept: list[str]
) -> None:
    created = await client.post("/api/tasks", json={"title": "a", "tags": sent})
    assert created.json()["tags"] == kept
    assert (await client.get("/api/tasks/1")).json()["tags"] == kept
    again = await client.patch("/api/tasks/1", json={"tags": sent[::-1]})
    assert again.json()["version"] == 1


async def test_a_retry_with_tags_in_another_order_is_the_same_request(
    client: httpx2.AsyncClient,
) -> None:
    key = {"Idempotency-Key": "k"}
    await client.post("/api/tasks", json={"title": "a", "tags": ["a", "b"]}, headers=key)
    again = await client.post("/api/tasks", json={"title": "a", "tags": ["b", "A"]}, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, 1)


async def test_an_earlier_plan_is_answered_again_from_history(client: httpx2.AsyncClient) -> None:
    key = {"Idempotency-Key": "k"}
    first = await client.post("/api/tasks", json={"title": "a", **PLANNED}, headers=key)
    await client.patch("/api/tasks/1", json=CLEARED)
    again = await client.post("/api/tasks", json={"title": "a", **PLANNED}, headers=key)
    assert again.json() == first.json()
