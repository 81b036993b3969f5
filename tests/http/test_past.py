from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import given, strategies as st

from events.ids import new_id
from tests.http.application import Running
from tests.http.test_history import asked

pytestmark = pytest.mark.anyio

FUTURE, PAST = "2999-01-01T00:00:00Z", "1999-01-01T00:00:00Z"


@pytest.fixture
async def changed(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """Somebody whose list has changed: 1 a, 2 b, 3 c, 4 a is done, 5 b is gone, 6 c is d, 7 e."""
    for title in "abc":
        await client.post("/api/tasks", json={"title": title, "due": "2020-01-01"})
    await client.post("/api/tasks/1/complete")
    await client.delete("/api/tasks/2")
    await client.patch("/api/tasks/3", json={"title": "d"})
    await client.post("/api/tasks", json={"title": "e"})
    return client


async def titles(client: httpx2.AsyncClient, query: str) -> str:
    answer = await client.get(f"/api/tasks?{query}")
    assert answer.status_code == 200, answer.text
    return "".join(task["title"] for task in answer.json())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("as_of=0", ""),
        ("as_of=1", "a"),
        ("as_of=3", "cba"),
        ("as_of=4", "cba"),
        ("as_of=5", "ca"),
        ("as_of=6", "da"),
        ("as_of=7", "eda"),
        (f"as_of={FUTURE}", "eda"),
        (f"as_of={PAST}", ""),
        ("as_of=3&status=done", ""),
        ("as_of=4&status=done", "a"),
        ("as_of=5&q=c", "c"),
        ("as_of=6&q=c", ""),
        ("as_of=6&sort=title", "ad"),
        ("as_of=3&overdue=true", "cba"),
        ("as_of=6&overdue=true", "d"),
    ],
)
async def test_a_list_is_what_it_was(changed: httpx2.AsyncClient, query: str, found: str) -> None:
    assert await titles(changed, query) == found


async def test_an_instant_is_as_good_as_the_sequence_of_the_last_event_by_then(
    changed: httpx2.AsyncClient,
) -> None:
    for event in (await changed.get("/api/events?order=oldest")).json():
        at, sequence = quote(event["at"]), event["sequence"]
        for path in ("/api/tasks", "/api/tasks/1"):
            one = await changed.get(f"{path}?as_of={at}")
            other = await changed.get(f"{path}?as_of={sequence}")
            assert (one.status_code, one.json()) == (200, other.json())
            assert one.headers["taskfold-sequence"] == str(sequence)


async def test_pages_of_the_past_belong_to_one_moment(changed: httpx2.AsyncClient) -> None:
    walked, address = "", f"/api/tasks?as_of={FUTURE}&limit=1"
    while address:
        answer = await changed.get(address)
        walked += "".join(task["title"] for task in answer.json())
        await changed.patch("/api/tasks/1", json={"title": "z"})
        address = answer.links.get("next", {}).get("url", "")
    assert walked == "eda"


async def test_a_task_is_what_it_was(changed: httpx2.AsyncClient) -> None:
    then = await changed.get("/api/tasks/3?as_of=5")
    now = await changed.get("/api/tasks/3")
    assert (then.json()["title"], then.headers["etag"]) == ("c", '"1"')
    assert (now.json()["title"], now.headers["etag"]) == ("d", '"2"')
    assert (await changed.get("/api/tasks/3?as_of=6")).json() == now.json()
    known = await changed.get("/api/tasks/3?as_of=5", headers={"If-None-Match": '"1"'})
    assert known.status_code == 304


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/tasks/3?as_of=2", "task-not-found"),
        ("/api/tasks/3?as_of=0", "task-not-found"),
        ("/api/tasks/9?as_of=7", "task-not-found"),
        ("/api/tasks/2?as_of=5", "task-deleted-then"),
        ("/api/tasks/3?as_of=8", "moment-not-reached"),
        ("/api/tasks?as_of=8", "moment-not-reached"),
        (f"/api/tasks?as_of={2**63 - 1}", "moment-not-reached"),
        ("/api/diff?to=8", "moment-not-reached"),
        ("/api/diff?from=8", "moment-not-reached"),
        ("/api/tasks/3/versions/3", "version-not-found"),
        ("/api/tasks/3/versions/0", "version-not-found"),
        ("/api/tasks/3/versions/x", "version-not-found"),
        (f"/api/tasks/3/versions/{2**63 - 1}", "version-not-found"),
        ("/api/tasks/9/versions/1", "task-not-found"),
        ("/api/tasks/2/versions/2", "task-deleted-then"),
    ],
)
async def test_what_was_not_is_not_found(changed: httpx2.AsyncClient, path: str, code: str) -> None:
    answer = await changed.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize("as_of", ["", "-1", "01", "1.0", "x", "2026-11-22", "+1", str(2**63)])
@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/tasks", "as_of"),
        ("/api/tasks/1", "as_of"),
        ("/api/diff", "from"),
        ("/api/diff", "to"),
    ],
)
async def test_what_is_no_moment_is_refused_by_name(
    client: httpx2.AsyncClient, path: str, parameter: str, as_of: str
) -> None:
    answer = await client.get(path, params={parameter: as_of})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    [error] = answer.json()["errors"]
    assert error["parameter"] == parameter


async def test_every_version_can_be_read(changed: httpx2.AsyncClient) -> None:
    found = [await changed.get(f"/api/tasks/3/versions/{version}") for version in (1, 2)]
    assert [answer.json()["title"] for answer in found] == ["c", "d"]
    assert [answer.headers["etag"] for answer in found] == ['"1"', '"2"']
    assert found[1].json() == (await changed.get("/api/tasks/3")).json()
    of_deleted = await changed.get("/api/tasks/2/versions/1")
    assert (of_deleted.status_code, of_deleted.json()["title"]) == (200, "b")


async def test_a_list_of_the_past_keeps_its_tag(changed: httpx2.AsyncClient) -> None:
    first = await changed.get("/api/tasks?as_of=3")
    tag = first.headers["etag"]
    assert not tag.startswith("W/")
    await changed.post("/api/tasks", json={"title": "f"})
    again = await changed.get("/api/tasks?as_of=3", headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["etag"]) == (304, tag)
    assert (await changed.get("/api/tasks?as_of=4")).headers["etag"] != tag


def told(answer: httpx2.Response) -> list[tuple[Any, ...]]:
    """What became of which task, and how, in a few words."""
    return [
        (
            each["id"],
            each["change"],
            each["task"]["title"],
            [(change["field"], change["before"], change["after"]) for change in each["changes"]],
        )
        for each in answer.json()
    ]


async def test_a_difference_names_what_was_added_changed_and_removed(
    changed: httpx2.AsyncClient,
) -> None:
    answer = await changed.get("/api/diff?from=3")
    assert told(answer) == [
        (1, "changed", "a", [("completed", False, True)]),
        (2, "removed", "b", []),
        (3, "changed", "d", [("title", "c", "d")]),
        (4, "added", "e", []),
    ]
    assert answer.headers["taskfold-sequence"] == "7"
    back = await changed.get("/api/diff?from=7&to=3")
    assert [each[:3] for each in told(back)] == [
        (1, "changed", "a"),
        (2, "added", "b"),
        (3, "changed", "c"),
        (4, "removed", "e"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [(1, "added"), (3, "added"), (4, "added")]),
        ("to=3", [(1, "added"), (2, "added"), (3, "added")]),
        ("from=7", []),
        ("from=4&to=4", []),
        ("from=4&to=5", [(2, "removed")]),
        (f"from={PAST}&to={FUTURE}", [(1, "added"), (3, "added"), (4, "added")]),
    ],
)
async def test_a_difference_is_between_any_two_moments(
    changed: httpx2.AsyncClient, query: str, found: list[tuple[int, str]]
) -> None:
    answer = await changed.get(f"/api/diff?{query}")
    assert [each[:2] for each in told(answer)] == found


async def test_what_is_again_what_it_was_is_no_difference(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    await client.post("/api/tasks/1/complete")
    await client.post("/api/tasks/1/reopen")
    assert (await client.get("/api/diff?from=1")).json() == []


async def test_pages_of_a_difference_are_between_the_same_moments(
    changed: httpx2.AsyncClient,
) -> None:
    walked, address = list[int](), "/api/diff?from=3&limit=1"
    while address:
        answer = await changed.get(address)
        walked += [each["id"] for each in answer.json()]
        await changed.post("/api/tasks", json={"title": "late"})
        address = answer.links.get("next", {}).get("url", "")
    assert walked == [1, 2, 3, 4]


async def test_a_cursor_of_one_difference_is_none_of_another(
    changed: httpx2.AsyncClient,
) -> None:
    link = (await changed.get("/api/diff?from=3&to=7&limit=1")).links["next"]["url"]
    answer = await changed.get(link.replace("to=7", "to=6"))
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-cursor")


async def test_another_person_has_a_past_of_their_own(
    changed: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    del changed
    assert (await stranger.get(f"/api/tasks?as_of={FUTURE}")).json() == []
    assert (await stranger.get("/api/diff")).json() == []
    for path in ("/api/tasks?as_of=1", "/api/tasks/1?as_of=1", "/api/diff?to=1"):
        assert (await stranger.get(path)).json()["code"] == "moment-not-reached"


@given(steps=st.lists(asked, max_size=5))
async def test_whatever_was_shown_is_shown_again(
    application: Running, steps: list[tuple[str, str, dict[str, object]]]
) -> None:
    async with application.client_of(f"user-{new_id()}") as client:
        shown = dict[str, list[Any]]()
        for title in ("a", "b"):
            await client.post("/api/tasks", json={"title": title})
        for method, verb, body in steps:
            answer = await client.request(method, f"/api/tasks/1{verb}", json=body)
            if sequence := answer.headers.get("taskfold-sequence"):
                shown[sequence] = [
                    (await client.get(path)).json() for path in ("/api/tasks", "/api/tasks/2")
                ]
        for sequence, answers in shown.items():
            assert answers == [
                (await client.get(f"{path}?as_of={sequence}")).json()
                for path in ("/api/tasks", "/api/tasks/2")
            ]
