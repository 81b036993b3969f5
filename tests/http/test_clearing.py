import httpx2
import pytest

from commands import deletion
from commands.errors import StoppingError
from commands.handler import CommandHandler
from tests.http.application import Running
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio


async def create(client: httpx2.AsyncClient, number: int, **fields: object) -> None:
    for place in range(number):
        await client.post("/api/tasks", json={"title": f"task {place}", **fields})


async def ids(client: httpx2.AsyncClient) -> list[int]:
    return [task["id"] for task in (await client.get("/api/tasks")).json()]


@pytest.mark.parametrize("part", [2, 3, 500])
async def test_all_tasks_are_deleted_by_one_request(
    client: httpx2.AsyncClient,
    stranger: httpx2.AsyncClient,
    count_events: CountEvents,
    monkeypatch: pytest.MonkeyPatch,
    part: int,
) -> None:
    monkeypatch.setattr(deletion, "PART", part)
    await create(client, 6)
    await create(stranger, 1)
    answer = await client.delete("/api/tasks")
    assert (answer.status_code, answer.json()) == (200, {"deleted": 6})
    assert answer.headers["taskfold-sequence"] == "12"
    assert (await ids(client), await ids(stranger)) == ([], [1])
    assert await count_events() == 12
    assert (await client.delete("/api/tasks")).json() == {"deleted": 0}
    assert (await client.post("/api/tasks/4/restore")).status_code == 200
    assert await ids(client) == [4]


async def test_what_the_filters_select_is_deleted(client: httpx2.AsyncClient) -> None:
    await create(client, 2, tags=["old"])
    await create(client, 2, tags=["new"])
    await create(client, 1, tags=["old"], completed=True)
    assert (await client.delete("/api/tasks?status=done&tag=old")).json() == {"deleted": 1}
    assert (await client.delete("/api/tasks?tag=OLD&q=task")).json() == {"deleted": 2}
    assert await ids(client) == [4, 3]


@pytest.mark.parametrize("query", ["staus=done", "limit=1", "cursor=x", "sort=due", "status=gone"])
async def test_what_is_no_filter_deletes_nothing(client: httpx2.AsyncClient, query: str) -> None:
    await create(client, 1)
    assert (await client.delete(f"/api/tasks?{query}")).status_code == 422
    assert await ids(client) == [1]


@pytest.mark.parametrize("part", [2, 500])
async def test_a_retried_deletion_is_answered_as_the_first_and_spares_what_is_new(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(deletion, "PART", part)
    await create(client, 5)
    headers = {"Idempotency-Key": "k"}
    first = await client.delete("/api/tasks", headers=headers)
    await create(client, 1)
    again = await client.delete("/api/tasks", headers=headers)
    assert first.json() == again.json() == {"deleted": 5}
    assert again.headers["idempotency-replayed"] == "true"
    assert await ids(client) == [6]
    other = await client.delete("/api/tasks?status=done", headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_deletion_that_was_cut_off_goes_on_under_its_key(
    application: Running, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "PART", 2)
    await create(client, 7)
    handle, calls = CommandHandler.handle, iter(range(9))

    async def handle_some(*asked: object) -> object:
        if next(calls) >= 2:
            raise StoppingError
        return await handle(*asked)  # pyright: ignore[reportArgumentType] - as they came

    headers = {"Idempotency-Key": "k"}
    with monkeypatch.context() as patch:
        patch.setattr(CommandHandler, "handle", handle_some)
        assert (await client.delete("/api/tasks", headers=headers)).status_code == 503
    assert await ids(client) == [7, 6, 5]
    del application
    again = await client.delete("/api/tasks", headers=headers)
    assert again.json() == {"deleted": 7}
    assert await ids(client) == []
