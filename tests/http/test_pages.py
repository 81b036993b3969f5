import httpx2
import pytest

from tests.http.application import BASE_URL

pytestmark = pytest.mark.anyio


async def create(client: httpx2.AsyncClient, number: int) -> None:
    for title in range(1, number + 1):
        await client.post("/api/tasks", json={"title": f"task {title}"})


def ids(answer: httpx2.Response) -> list[int]:
    return [task["id"] for task in answer.json()]


async def test_the_list_is_a_bare_array_newest_first(client: httpx2.AsyncClient) -> None:
    await create(client, 3)
    answer = await client.get("/api/tasks")
    assert ids(answer) == [3, 2, 1]
    assert "link" not in answer.headers


async def test_an_empty_list_is_an_empty_array(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/tasks")
    assert (answer.status_code, answer.text) == (200, "[]")


async def test_following_the_links_gives_every_task_once(client: httpx2.AsyncClient) -> None:
    await create(client, 7)
    seen: list[list[int]] = []
    address = "/api/tasks?limit=3"
    while address:
        answer = await client.get(address)
        seen.append(ids(answer))
        address = answer.links.get("next", {}).get("url", "")
    assert seen == [[7, 6, 5], [4, 3, 2], [1]]


async def test_a_last_page_that_is_just_full_has_no_link(client: httpx2.AsyncClient) -> None:
    await create(client, 4)
    answer = await client.get("/api/tasks?limit=4")
    assert "link" not in answer.headers


async def test_tasks_created_while_paging_do_not_shift_the_pages(
    client: httpx2.AsyncClient,
) -> None:
    await create(client, 4)
    first = await client.get("/api/tasks?limit=2")
    await create(client, 2)
    second = await client.get(first.links["next"]["url"])
    assert (ids(first), ids(second)) == ([4, 3], [2, 1])


async def test_a_link_is_absolute_and_keeps_the_limit(client: httpx2.AsyncClient) -> None:
    await create(client, 3)
    link = (await client.get("/api/tasks?limit=2")).links["next"]["url"]
    assert link.startswith(f"{BASE_URL}/api/tasks?limit=2&cursor=")


async def test_fifty_tasks_are_given_when_no_limit_is(client: httpx2.AsyncClient) -> None:
    await create(client, 51)
    answer = await client.get("/api/tasks")
    assert len(ids(answer)) == 50
    assert "limit=50" in answer.links["next"]["url"]


@pytest.mark.parametrize("limit", ["0", "-1", "201", "ten", "", "1.5", "9" * 5_000])
async def test_a_limit_outside_1_to_200_is_refused_by_name(
    client: httpx2.AsyncClient, limit: str
) -> None:
    answer = await client.get("/api/tasks", params={"limit": limit})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert [error["parameter"] for error in answer.json()["errors"]] == ["limit"]


@pytest.mark.parametrize(
    "cursor", ["", "x", "nonsense", "ü", "before=3", "====", "a" * 5_000], ids=range(7)
)
async def test_a_cursor_no_list_gave_out_is_a_bad_request(
    client: httpx2.AsyncClient, cursor: str
) -> None:
    answer = await client.get("/api/tasks", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-cursor")


async def test_an_unknown_parameter_is_refused_by_name(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/tasks?staus=open")
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == ["staus"]
