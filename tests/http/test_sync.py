from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest

from api.http.sync_token import Known, write_token
from events.ids import new_id
from tests.http.application import Running
from tests.http.listening import STREAM, listening
from tests.http.serving import served

pytestmark = pytest.mark.anyio

SYNC = "/api/sync"


async def create(client: httpx2.AsyncClient, *titles: str) -> None:
    for title in titles:
        assert (await client.post("/api/tasks", json={"title": title})).status_code == 201


async def sync(client: httpx2.AsyncClient, since: str | None = None, limit: int = 200) -> Any:  # noqa: ANN401 - JSON is what it is
    asked = {"limit": limit} if since is None else {"limit": limit, "since": since}
    answer = await client.get(SYNC, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def pages(
    client: httpx2.AsyncClient, since: str | None = None, limit: int = 200
) -> AsyncGenerator[Any]:
    while True:
        page = await sync(client, since, limit)
        yield page
        if not page["more"]:
            return
        since = page["next"]


def ids(page: Any) -> tuple[list[int], list[int]]:  # noqa: ANN401 - JSON is what it is
    return [task["id"] for task in page["tasks"]], [task["id"] for task in page["deleted"]]


async def test_a_first_sync_gives_what_there_is(client: httpx2.AsyncClient) -> None:
    await create(client, "a", "b", "c")
    await client.delete("/api/tasks/2")
    page = await sync(client)
    assert ids(page) == ([1, 3], [])
    assert page["tasks"] == [(await client.get(f"/api/tasks/{n}")).json() for n in (1, 3)]
    assert (page["more"], page["sequence"]) == (False, 4)


async def test_nobody_has_no_tasks(client: httpx2.AsyncClient) -> None:
    page = await sync(client)
    assert (ids(page), page["more"], page["sequence"]) == (([], []), False, 0)
    await create(client, "a")
    assert ids(await sync(client, page["next"])) == ([1], [])


async def test_a_next_sync_gives_what_has_changed_since(client: httpx2.AsyncClient) -> None:
    await create(client, "a", "b", "c", "d")
    token = (await sync(client))["next"]
    await client.patch("/api/tasks/2", json={"title": "B"})
    await client.delete("/api/tasks/3")
    page = await sync(client, token)
    assert ids(page) == ([2], [3])
    assert page["tasks"][0]["title"] == "B"
    assert page["deleted"][0]["version"] == 2
    assert ids(await sync(client, page["next"])) == ([], [])
    assert (await sync(client, page["next"]))["next"] == page["next"]
    await client.post("/api/tasks/3/restore")
    assert ids(await sync(client, page["next"])) == ([3], [])


async def test_pages_are_bounded_and_a_change_between_them_is_not_missed(
    client: httpx2.AsyncClient,
) -> None:
    await create(client, *"abcdef")
    seen: list[tuple[int, str]] = []
    gone: list[int] = []
    changes = [
        lambda: client.patch("/api/tasks/1", json={"title": "A"}),
        lambda: client.delete("/api/tasks/6"),
        lambda: client.delete("/api/tasks/2"),
    ]
    async for page in pages(client, limit=2):
        assert len(page["tasks"]) + len(page["deleted"]) <= 2
        seen += [(task["id"], task["title"]) for task in page["tasks"]]
        gone += ids(page)[1]
        if changes:
            await changes.pop(0)()
    assert seen == [(1, "a"), (2, "b"), (3, "c"), (4, "d"), (5, "e"), (1, "A")]
    assert gone == [6, 2]


async def test_a_stream_goes_on_where_a_sync_ends(
    application: Running, client: httpx2.AsyncClient
) -> None:
    await create(client, "a", "b")
    sequence = (await sync(client))["sequence"]
    await create(client, "c")
    async with (
        served(application) as (host, port),
        httpx2.AsyncClient(base_url=f"http://{host}:{port}", headers=client.headers) as listener,
        listening(listener, f"{STREAM}?after={sequence}") as stream,
    ):
        assert [(await stream.next()).sequence for _ in range(2)] == [2, 3]


async def test_what_has_not_changed_is_not_sent_again(client: httpx2.AsyncClient) -> None:
    await create(client, "a")
    asked = {"since": (await sync(client))["next"]}
    tag = (await client.get(SYNC, params=asked)).headers["etag"]
    known = {"If-None-Match": tag}
    assert (await client.get(SYNC, params=asked, headers=known)).status_code == 304
    await create(client, "b")
    assert (await client.get(SYNC, params=asked, headers=known)).status_code == 200


async def test_a_token_is_good_for_one_person(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    await create(client, "a")
    await create(stranger, "b", "c")
    token = (await sync(client))["next"]
    refused = await stranger.get(SYNC, params={"since": token})
    assert (refused.status_code, refused.json()["code"]) == (410, "sync-token-gone")
    assert ids(await sync(stranger)) == ([1, 2], [])


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 30, "A" * 600])
async def test_what_is_no_token_is_gone(client: httpx2.AsyncClient, token: str) -> None:
    assert (await client.get(SYNC, params={"since": token})).status_code == 410


@pytest.mark.parametrize(
    "known",
    [
        Known(after=3, mark=bytes(8)),
        Known(after=2, mark=b"otherlog"),
        Known(mark=b"otherlog"),
        Known(begun=2, begun_mark=b"otherlog"),
        Known(begun=3),
    ],
    ids=[
        "ahead of the log",
        "of another log",
        "of another beginning",
        "of another end",
        "ahead of the end",
    ],
)
async def test_a_token_of_a_log_that_is_no_more_is_gone(
    application: Running, client: httpx2.AsyncClient, user_id: str, known: Known
) -> None:
    await create(client, "a", "b")
    token = write_token(application.state["cursors"].key, user_id, known)
    refused = await client.get(SYNC, params={"since": token})
    assert refused.status_code == 410
    assert "begin anew" in refused.json()["detail"] + str(
        (await client.get("/api/problems/sync-token-gone")).json()
    )


@pytest.mark.parametrize(
    ("asked", "at_fault"),
    [({"limit": "0"}, "limit"), ({"limit": "201"}, "limit"), ({"until": new_id()}, "until")],
    ids=["none", "too many", "unknown"],
)
async def test_bad_parameters_are_refused(
    client: httpx2.AsyncClient, asked: dict[str, str], at_fault: str
) -> None:
    refused = await client.get(SYNC, params=asked)
    assert refused.status_code == 422
    assert [error["parameter"] for error in refused.json()["errors"]] == [at_fault]


async def test_a_sync_waits_for_what_its_reader_has_written(client: httpx2.AsyncClient) -> None:
    await create(client, "a")
    page = await client.get(SYNC, headers={"Taskfold-Not-Before": "1"})
    assert ids(page.json()) == ([1], [])
    assert (await client.get(SYNC, headers={"Taskfold-Not-Before": "x"})).status_code == 400


async def test_who_synced_an_empty_list_hears_of_an_erasure(client: httpx2.AsyncClient) -> None:
    token = (await client.get(SYNC)).json()["next"]
    await client.post("/api/tasks", json={"title": "a"})
    await client.delete("/api/me", headers={"Taskfold-Confirm": "erase"})
    answer = await client.get(SYNC, params={"since": token})
    assert (answer.status_code, answer.json()["code"]) == (410, "sync-token-gone")
    assert (await client.get(SYNC)).json()["sequence"] == 2


async def test_a_first_sync_passes_over_what_was_deleted(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    await client.delete("/api/tasks/1")
    first = (await client.get(SYNC)).json()
    assert (first["tasks"], first["deleted"], first["sequence"]) == ([], [], 2)
