import httpx2
import pytest

from tests.history import come_by_another_way
from tests.http.application import ORIGIN, Running, running_on
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio


async def get(client: httpx2.AsyncClient, path: str, tag: str) -> httpx2.Response:
    return await client.get(path, headers={"If-None-Match": tag})


async def at_version_2(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    await client.post("/api/tasks/1/complete")


@pytest.mark.parametrize("tag", ['"2"', 'W/"2"', "*", '"1", "2"', '"x" , W/"2"'])
async def test_a_task_the_client_has_is_not_sent_again(
    client: httpx2.AsyncClient, tag: str
) -> None:
    await at_version_2(client)
    answer = await get(client, "/api/tasks/1", tag)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == '"2"'
    assert answer.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in answer.headers["vary"].split(", ")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("tag", ['"1"', '"3"', '"02"', '""', '"1", "3"'])
async def test_a_task_the_client_has_not_is_sent(client: httpx2.AsyncClient, tag: str) -> None:
    await at_version_2(client)
    answer = await get(client, "/api/tasks/1", tag)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


@pytest.mark.parametrize("path", ["/api/tasks", "/api/tasks/1", "/api/tasks/1/history"])
@pytest.mark.parametrize("tag", ["2", '"2', '*, "2"', ""])
async def test_something_else_than_tags_is_a_bad_request(
    client: httpx2.AsyncClient, path: str, tag: str
) -> None:
    await at_version_2(client)
    answer = await get(client, path, tag)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-header")


async def test_a_task_that_is_not_there_is_not_found_whatever_the_client_has(
    client: httpx2.AsyncClient,
) -> None:
    for tag in ("*", '"1"'):
        assert (await get(client, "/api/tasks/1", tag)).status_code == 404


async def test_a_read_can_insist_on_a_version(client: httpx2.AsyncClient) -> None:
    await at_version_2(client)
    stale = await client.get("/api/tasks/1", headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
    assert (await client.get("/api/tasks/1", headers={"If-Match": '"2"'})).status_code == 200


@pytest.mark.parametrize("path", ["/api/tasks", "/api/tasks/1/history"])
async def test_a_list_is_sent_again_only_when_something_has_happened(
    client: httpx2.AsyncClient, path: str
) -> None:
    await at_version_2(client)
    first = await client.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    again = await get(client, path, first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    await client.post("/api/tasks/1/reopen")
    changed = await get(client, path, first.headers["etag"])
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_an_empty_list_has_a_tag_too(client: httpx2.AsyncClient) -> None:
    tag = (await client.get("/api/tasks")).headers["etag"]
    assert (await get(client, "/api/tasks", tag)).status_code == 304


async def test_who_claims_to_have_anything_learns_nothing_of_what_is_not_there(
    client: httpx2.AsyncClient,
) -> None:
    assert (await get(client, "/api/tasks/7/history", "*")).status_code == 404
    assert (await get(client, "/api/tasks", "*")).status_code == 304


async def test_every_page_of_every_person_has_a_tag_of_its_own(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    paths = ("/api/tasks", "/api/tasks?limit=1", "/api/tasks/1/history")
    for person in (client, stranger):
        await person.post("/api/tasks", json={"title": "a"})
    answers = [await person.get(path) for person in (client, stranger) for path in paths]
    assert len({answer.headers["etag"] for answer in answers}) == 6


async def test_a_list_that_has_not_changed_is_answered_without_reading_tasks(
    application: Running, client: httpx2.AsyncClient
) -> None:
    await at_version_2(client)
    tag = (await client.get("/api/tasks")).headers["etag"]
    async with (
        application.state["pool"].connection() as connection,
        connection.transaction(),
    ):
        # Whoever read the table now would wait until the end of this block.
        await connection.execute("lock table taskfold.task in access exclusive mode")
        assert (await get(client, "/api/tasks", tag)).status_code == 304


async def test_a_page_of_another_origin_may_read_that_it_has_it(
    client: httpx2.AsyncClient,
) -> None:
    await at_version_2(client)
    headers = {"If-None-Match": '"2"', "Origin": ORIGIN}
    answer = await client.get("/api/tasks/1", headers=headers)
    assert answer.status_code == 304
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert set(answer.headers["vary"].split(", ")) == {"Authorization", "Origin"}


@pytest.mark.parametrize(
    ("tag", "status"), [("*", 412), ('"2"', 412), ('W/"2"', 412), ('"1"', 200)]
)
async def test_a_change_can_be_meant_for_any_version_but_the_one_known(
    client: httpx2.AsyncClient, tag: str, status: int
) -> None:
    await at_version_2(client)
    headers = {"If-None-Match": tag}
    answer = await client.patch("/api/tasks/1", json={"title": "b"}, headers=headers)
    assert answer.status_code == status


CHANGES = [
    ("PUT", ""),
    ("PATCH", ""),
    ("DELETE", ""),
    ("POST", "/complete"),
    ("POST", "/reopen"),
    ("POST", "/restore"),
    ("POST", "/undo"),
]


async def test_where_changes_must_be_conditional_the_others_are_told_how(
    database_url: str, user_id: str, count_events: CountEvents
) -> None:
    async with (
        running_on(database_url, require_if_match=True) as application,
        application.client_of(user_id) as client,
    ):
        assert (await client.post("/api/tasks", json={"title": "a"})).status_code == 201
        for method, verb in CHANGES:
            body = {"title": "b"} if method.startswith("P") and not verb else None
            answer = await client.request(method, f"/api/tasks/1{verb}", json=body)
            assert (answer.status_code, answer.json()["code"]) == (428, "precondition-required")
        assert await count_events() == 1
        kept = await client.delete("/api/tasks/1", headers={"If-Match": '"1"'})
        assert kept.status_code == 204


@pytest.mark.parametrize(
    "path", ["/api/tasks?sort=", "/api/tasks?cursor=x", "/api/events?order=up"]
)
async def test_what_cannot_be_asked_is_refused_whatever_the_client_has(
    client: httpx2.AsyncClient, path: str
) -> None:
    answer = await client.get(path, headers={"If-None-Match": "*"})
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    "path",
    ["/api/tasks", "/api/tasks?as_of=1", "/api/sync", "/api/events", "/api/tasks/1/history"],
)
async def test_a_log_that_came_as_far_by_another_way_has_other_tags(
    application: Running, client: httpx2.AsyncClient, user_id: str, path: str
) -> None:
    await at_version_2(client)
    tag = (await client.get(path)).headers["etag"]
    assert (await get(client, path, tag)).status_code == 304
    await come_by_another_way(application.state["pool"], user_id)
    assert (await get(client, path, tag)).status_code == 200
