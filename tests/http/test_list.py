from typing import Any

import httpx2
import pytest

from tests.http.application import Running, running_on

pytestmark = pytest.mark.anyio

VIENNA = "[Europe/Vienna]"
TASKS: list[dict[str, Any]] = [
    {"title": "Water the plants", "description": "Balcony too.", "tags": ["home", "plants"]},
    {"title": "buy Milk", "priority": "low", "tags": ["errands"], "due": "2020-05-01"},
    {"title": "Äpfel kaufen", "priority": "high", "tags": ["errands", "home"], "due": "2999-01-01"},
    {"title": "Call Zoë", "due": f"2020-05-01T23:00{VIENNA}", "order": -1},
    {"title": "crème brûlée", "completed": True, "priority": "medium", "due": "2020-04-30"},
    {"title": "Thrown away"},
]


@pytest.fixture
async def listed(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """Somebody with a few tasks, the last of them deleted, the first renamed since."""
    for task in TASKS:
        answer = await client.post("/api/tasks", json=task)
        assert answer.status_code == 201
    await client.delete("/api/tasks/6")
    await client.patch("/api/tasks/1", json={"title": "Water all plants"})
    return client


async def ids(client: httpx2.AsyncClient, query: str) -> list[int]:
    answer = await client.get(f"/api/tasks?{query}")
    assert answer.status_code == 200, answer.text
    return [task["id"] for task in answer.json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("status=all", [5, 4, 3, 2, 1]),
        ("status=open", [4, 3, 2, 1]),
        ("status=pending", [4, 3, 2, 1]),
        ("status=done", [5]),
        ("status=completed", [5]),
        ("priority=high", [3]),
        ("priority=none", [4, 1]),
        ("tag=home", [3, 1]),
        ("tag=home&tag=errands", [3]),
        ("tag=%20HOME", [3, 1]),
        ("tag=nobody", []),
        ("due_before=2020-05-01", [5]),
        ("due_before=2020-05-02", [5, 4, 2]),
        ("due_before=2020-05-01T21:30:00Z", [5, 4]),
        ("due_after=2020-05-01", [3]),
        ("due_after=2020-04-30", [4, 3, 2]),
        ("due_after=2020-05-01T23:30:00%2B02:00&due_before=2020-06-01", [2]),
        ("overdue=true", [4, 2]),
        ("overdue=false", [5, 4, 3, 2, 1]),
        ("updated_since=2999-01-01T00:00:00Z", []),
        ("updated_since=1999-01-01T00:00:00Z", [5, 4, 3, 2, 1]),
        ("status=open&tag=errands&priority=low", [2]),
    ],
)
async def test_a_filter_selects(listed: httpx2.AsyncClient, query: str, found: list[int]) -> None:
    assert await ids(listed, query) == found


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("water", [1]),
        ("WATER plants", [1]),
        ("wat", [1]),
        ("balcony", [1]),
        ("plnats", [1]),
        ("wter", [1]),
        ("watter", [1]),
        ("wazer", [1]),
        ("wzzer", []),
        ("apfel", [3]),
        ("ÄPFEL", [3]),
        ("creme brulee", [5]),
        ("brûlée", [5]),
        ("zoe", [4]),
        ("milk plants", []),
        ("mlik", [2]),
        ("thrown", []),
        ("the", []),
    ],
)
async def test_a_search_finds_words_beginnings_and_misspellings(
    listed: httpx2.AsyncClient, q: str, found: list[int]
) -> None:
    answer = await listed.get("/api/tasks", params={"q": q})
    assert [task["id"] for task in answer.json()] == found


async def test_a_search_goes_together_with_filters_and_order(listed: httpx2.AsyncClient) -> None:
    assert await ids(listed, "q=a&sort=title") == [3, 1]
    assert await ids(listed, "q=b&tag=errands&status=open&due_before=2021-01-01") == [2]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("created", [1, 2, 3, 4, 5]),
        ("-created", [5, 4, 3, 2, 1]),
        ("updated", [2, 3, 4, 5, 1]),
        ("-updated", [1, 5, 4, 3, 2]),
        ("due", [5, 4, 2, 3, 1]),
        ("due_date", [5, 4, 2, 3, 1]),
        ("-due", [3, 2, 4, 5, 1]),
        ("priority", [1, 4, 2, 5, 3]),
        ("-priority", [3, 5, 2, 4, 1]),
        ("title", [3, 2, 4, 5, 1]),
        ("-title", [1, 5, 4, 2, 3]),
        ("order", [4, 1, 2, 3, 5]),
        ("-order", [5, 3, 2, 1, 4]),
    ],
)
@pytest.mark.parametrize("limit", [50, 2, 1])
async def test_every_order_can_be_walked_page_by_page(
    listed: httpx2.AsyncClient, sort: str, found: list[int], limit: int
) -> None:
    walked: list[int] = []
    address = f"/api/tasks?sort={sort}&limit={limit}"
    while address:
        answer = await listed.get(address)
        walked += [task["id"] for task in answer.json()]
        address = answer.links.get("next", {}).get("url", "")
    assert walked == found


async def test_undated_tasks_are_walked_too(listed: httpx2.AsyncClient) -> None:
    for _ in range(3):
        await listed.post("/api/tasks", json={"title": "some day"})
    for sort, found in (("due", [5, 4, 2, 3, 1, 7, 8, 9]), ("-due", [3, 2, 4, 5, 9, 8, 7, 1])):
        walked: list[int] = []
        address = f"/api/tasks?sort={sort}&limit=3"
        while address:
            answer = await listed.get(address)
            walked += [task["id"] for task in answer.json()]
            address = answer.links.get("next", {}).get("url", "")
        assert walked == found


def cursor_of(answer: httpx2.Response) -> str:
    return httpx2.URL(answer.links["next"]["url"]).params["cursor"]


async def test_a_cursor_keeps_what_was_asked(listed: httpx2.AsyncClient) -> None:
    first = await listed.get("/api/tasks?status=open&sort=title&tag=home&limit=1")
    second = await listed.get(first.links["next"]["url"])
    assert [task["id"] for task in first.json() + second.json()] == [3, 1]


async def test_the_question_may_be_repeated_beside_its_cursor(listed: httpx2.AsyncClient) -> None:
    question = "status=open&sort=title"
    cursor = cursor_of(await listed.get(f"/api/tasks?{question}&limit=2"))
    assert await ids(listed, f"{question}&limit=1&cursor={cursor}") == [4]


@pytest.mark.parametrize("other", ["status=done", "sort=-title", "q=milk", "overdue=true"])
async def test_another_question_has_no_use_for_the_cursor(
    listed: httpx2.AsyncClient, other: str
) -> None:
    cursor = cursor_of(await listed.get("/api/tasks?status=open&sort=title&limit=1"))
    answer = await listed.get(f"/api/tasks?{other}&cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-cursor")


async def test_an_edited_cursor_is_a_bad_request(listed: httpx2.AsyncClient) -> None:
    cursor = cursor_of(await listed.get("/api/tasks?status=open&limit=1"))
    for place in range(0, len(cursor) - 1, 3):
        other = "A" if cursor[place] != "A" else "B"
        edited = cursor[:place] + other + cursor[place + 1 :]
        answer = await listed.get("/api/tasks", params={"cursor": edited})
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed-cursor")


async def test_somebody_elses_cursor_is_a_bad_request(
    listed: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    cursor = cursor_of(await listed.get("/api/tasks?limit=1"))
    answer = await stranger.get("/api/tasks", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-cursor")


async def test_a_cursor_is_good_in_every_process(
    application: Running, listed: httpx2.AsyncClient, database_url: str, user_id: str
) -> None:
    del application
    link = (await listed.get("/api/tasks?limit=2")).links["next"]["url"]
    async with running_on(database_url) as other, other.client_of(user_id) as there:
        assert [task["id"] for task in (await there.get(link)).json()] == [3, 2]


@pytest.mark.parametrize(
    "query",
    [
        "status=finished", "priority=urgent", "tag=", "tag=" + "a" * 51, "due_before=tomorrow",
        "due_before=2026-02-30", "due_after=2026-01-01T00:00:00", "overdue=perhaps",
        "updated_since=2026-01-01", "updated_since=0001-01-01T00:00:00Z", "q=", "q=!!!",
        "q=" + "a" * 201, "q=" + "+".join("abcdefghijk"), "sort=colour", "sort=--title",
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_by_name(
    client: httpx2.AsyncClient, query: str
) -> None:
    answer = await client.get(f"/api/tasks?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    [error] = answer.json()["errors"]
    assert error["parameter"].partition(".")[0] == query.partition("=")[0]
    assert error["detail"].startswith("This must ")


async def test_twenty_one_tags_are_too_many_to_ask_for(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/tasks", params={"tag": list(map(str, range(21)))})
    assert answer.status_code == 422


@pytest.mark.parametrize("odd", ["'", "\\", "':*", "a' | 'b", "%s", "{", "NULL", "&", "🪴"])
async def test_odd_characters_in_a_search_or_tag_are_what_they_are(
    client: httpx2.AsyncClient, odd: str
) -> None:
    await client.post("/api/tasks", json={"title": f"x {odd}", "tags": [odd]})
    for params in ({"tag": odd}, {"q": f"x {odd}"}):
        answer = await client.get("/api/tasks", params=params)
        assert (answer.status_code, len(answer.json())) == (200, 1)
    assert (await client.get("/api/tasks", params={"tag": odd + "x"})).json() == []
