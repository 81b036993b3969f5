import httpx2
import pytest

from api.http.accept import accepts
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "application/json",
        "APPLICATION/JSON",
        "application/*",
        "text/html, application/json;q=0.1",
        "text/html;q=0, */*;q=0.1",
        "application/json; charset=utf-8",
        "application/json;q=x",
        "nonsense",
    ],
)
def test_json_passes_where_it_is_let_through(accept: str) -> None:
    assert accepts(accept, "application/json")


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0, */*", "application/xml, text/*", "*/*;q=0"]
)
def test_json_does_not_pass_where_it_is_excluded(accept: str) -> None:
    assert not accepts(accept, "application/json")


@pytest.mark.parametrize("path", ["/api/tasks", "/api/tasks/1", "/api/health/live", "/api/metrics"])
async def test_who_cannot_read_what_there_is_is_told(client: httpx2.AsyncClient, path: str) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    for request in (client.get, client.head):
        answer = await request(path, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert answer.headers["content-type"] == "application/problem+json"
        assert "etag" not in answer.headers


async def test_metrics_are_plain_text(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/metrics", headers={"Accept": "text/plain"})
    assert answer.status_code == 200
    refused = await client.get("/api/metrics", headers={"Accept": "application/json"})
    assert refused.json()["code"] == "not-acceptable"


async def test_a_change_whose_answer_could_not_be_read_is_not_made(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    headers = {"Accept": "text/html"}
    answer = await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
    assert await count_events() == 0


async def test_what_has_no_body_is_answered_whatever_is_accepted(
    client: httpx2.AsyncClient,
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    answer = await client.delete("/api/tasks/1", headers={"Accept": "text/html"})
    assert answer.status_code == 204


async def test_an_error_is_told_whatever_is_accepted(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/tasks/1", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (404, "task-not-found")
