import httpx2
import pytest

from api.http.task_view import PATH
from tests.http.application import Running
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

ASKED = [
    ("GET", "", None),
    ("HEAD", "", None),
    ("GET", "/history", None),
    ("HEAD", "/history?limit=1", None),
    ("GET", "/history?order=oldest", None),
    ("GET", "/history?type=TaskCreated&actor=ada", None),
    ("GET", "?as_of=0", None),
    ("GET", "/versions/2", None),
    ("PUT", "", {"title": "mine now"}),
    ("PATCH", "", {"title": "mine now"}),
    ("DELETE", "", None),
    ("PATCH", "/complete", {"completed": True}),
    ("POST", "/complete", None),
    ("POST", "/reopen", None),
    ("POST", "/restore", None),
    ("POST", "/undo", None),
]


async def test_every_route_that_takes_a_task_is_asked(application: Running) -> None:
    prefix = f"{PATH}/{{task_id}}"
    routes = {
        (method.upper(), path.removeprefix(prefix).replace("{version}", "2"))
        for path, methods in application.app.openapi()["paths"].items()
        if path.startswith(prefix)
        for method in methods
    }
    assert routes == {(m, verb.partition("?")[0]) for m, verb, _ in ASKED if m != "HEAD"}


def without_echoes(answer: httpx2.Response, task_id: int) -> tuple[object, ...]:
    """Everything about an answer, but for the caller's own words in it."""
    request_id = answer.headers["x-request-id"]
    text = answer.text.replace(request_id, "R").replace(f"/{task_id}", "/N")
    headers = answer.headers.copy()
    del headers["x-request-id"], headers["content-length"]
    return answer.status_code, headers, text.replace(f"Task {task_id} ", "Task N ")


@pytest.mark.parametrize("deleted", [False, True], ids=["live", "deleted"])
@pytest.mark.parametrize(("method", "verb", "body"), ASKED, ids=str)
async def test_another_persons_task_answers_like_one_that_does_not_exist(
    client: httpx2.AsyncClient,
    stranger: httpx2.AsyncClient,
    method: str,
    verb: str,
    body: dict[str, str] | None,
    *,
    deleted: bool,
) -> None:
    await client.post("/api/tasks", json={"title": "Water the plants"})
    if deleted:
        await client.delete("/api/tasks/1")
    theirs = await stranger.request(method, f"/api/tasks/1{verb}", json=body)
    nobodys = await stranger.request(method, f"/api/tasks/7{verb}", json=body)
    assert theirs.status_code == 404
    assert without_echoes(theirs, 1) == without_echoes(nobodys, 7)


async def test_another_person_changes_and_sees_nothing(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    created = await client.post("/api/tasks", json={"title": "Water the plants"})
    for method, verb, body in ASKED:
        await stranger.request(method, f"/api/tasks/1{verb}", json=body)
    assert (await stranger.get("/api/tasks")).json() == []
    assert (await client.get("/api/tasks/1")).json() == created.json()
    assert await count_events() == 1


async def test_a_cursor_of_another_person_is_refused(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    for _ in range(3):
        await client.post("/api/tasks", json={"title": "Water the plants"})
    link = (await client.get("/api/tasks?limit=1")).links["next"]["url"]
    answer = await stranger.get(link)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-cursor")
