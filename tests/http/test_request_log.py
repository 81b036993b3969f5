from collections.abc import Generator

import httpx2
import pytest

from tests.http.application import Running, token_of
from tests.http.logged import Logged, logged_requests

pytestmark = pytest.mark.anyio


@pytest.fixture
def logged() -> Generator[Logged]:
    with logged_requests() as events:
        yield events


async def test_a_request_is_logged_in_one_line(client: httpx2.AsyncClient, logged: Logged) -> None:
    await client.get("/api/tasks/7", headers={"X-Request-Id": "my-request"})
    (line,) = logged
    assert line.pop("ms") > 0
    assert line == {
        "event": "http.request",
        "log_level": "info",
        "method": "GET",
        "route": "/api/tasks/{task_id}",
        "status": 404,
        "request_id": "my-request",
    }


@pytest.mark.parametrize("path", ["/api/tasks", "/api/tasks/7"])
async def test_head_is_logged_as_head(
    client: httpx2.AsyncClient, logged: Logged, path: str
) -> None:
    await client.head(path)
    assert [line["method"] for line in logged] == ["HEAD"]


async def test_a_path_of_no_route_is_not_logged(client: httpx2.AsyncClient, logged: Logged) -> None:
    await client.get("/api/secret-words")
    assert [(line["route"], line["status"]) for line in logged] == [(None, 404)]


async def test_neither_words_of_a_task_nor_a_token_are_logged(
    application: Running, user_id: str, logged: Logged
) -> None:
    token = token_of(user_id)
    async with application.client(Authorization=f"Bearer {token}") as client:
        body = {"title": "secret words", "description": "secret words"}
        await client.post("/api/tasks", json=body)
        await client.post("/api/tasks", json={**body, "order": "secret words"})
        await client.post("/api/tasks", content=b'{"secret words"')
        await client.get("/api/tasks?limit=secret+words&q=secret+words")
        await client.get("/api/tasks/secret+words")
        await client.get("/api/tasks", headers={"Authorization": f"Bearer {token}x"})
    assert len(logged) == 6
    told = str(logged)
    assert "secret" not in told
    assert token not in told
    assert user_id not in told
