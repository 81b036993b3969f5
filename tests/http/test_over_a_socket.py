from collections.abc import AsyncGenerator

import anyio
import httpx2
import pytest
from anyio.abc import SocketStream
from starlette.types import Receive, Scope, Send

from api.http.body import SIZE_LIMIT
from tests.http.application import Running, token_of
from tests.http.logged import logged_requests
from tests.http.serving import served

pytestmark = pytest.mark.anyio


@pytest.fixture
async def address(application: Running) -> AsyncGenerator[tuple[str, int]]:
    async with served(application) as address:
        yield address


@pytest.fixture
async def browser(address: tuple[str, int], user_id: str) -> AsyncGenerator[httpx2.AsyncClient]:
    """A person who comes over the network."""
    host, port = address
    headers = {"Authorization": f"Bearer {token_of(user_id)}"}
    async with httpx2.AsyncClient(base_url=f"http://{host}:{port}", headers=headers) as client:
        yield client


async def head_of(stream: SocketStream) -> bytes:
    """Read an answer up to the end of its headers."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += await stream.receive()
    return received


async def test_a_task_lives_over_a_real_connection(browser: httpx2.AsyncClient) -> None:
    created = await browser.post("/api/tasks", json={"title": "a"})
    assert created.headers["location"] == f"{browser.base_url}/api/tasks/1".replace("//api", "/api")
    assert (await browser.head("/api/tasks/1")).headers["content-length"] == str(
        len((await browser.get("/api/tasks/1")).content)
    )
    assert (await browser.delete("/api/tasks/1")).status_code == 204
    assert (await browser.get("/api/tasks/1")).status_code == 404


async def test_a_body_announced_as_too_large_need_not_be_sent(
    address: tuple[str, int], user_id: str
) -> None:
    request = (
        "POST /api/tasks HTTP/1.1\r\nHost: taskfold.test\r\nExpect: 100-continue\r\n"
        f"Authorization: Bearer {token_of(user_id)}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {SIZE_LIMIT + 1}\r\n\r\n"
    )
    async with await anyio.connect_tcp(*address) as stream:
        await stream.send(request.encode())
        with anyio.fail_after(5):
            assert (await head_of(stream)).startswith(b"HTTP/1.1 413 ")


async def test_who_hangs_up_in_the_middle_of_a_body_makes_no_error(
    application: Running, user_id: str
) -> None:
    over = anyio.Event()

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        await application(scope, receive, send)
        over.set()

    request = (
        "POST /api/tasks HTTP/1.1\r\nHost: taskfold.test\r\n"
        f"Authorization: Bearer {token_of(user_id)}\r\nContent-Type: application/json\r\n"
        'Content-Length: 1000\r\n\r\n{"title": "a'
    )
    with logged_requests() as logged:
        async with served(noted) as address:
            async with await anyio.connect_tcp(*address) as stream:
                await stream.send(request.encode())
            with anyio.fail_after(5):
                await over.wait()
    assert [event["event"] for event in logged] == ["http.request"]
    async with application.client_of(user_id) as client:
        assert (await client.get("/api/tasks")).json() == []


async def test_answers_do_not_name_the_server(browser: httpx2.AsyncClient) -> None:
    assert "server" not in (await browser.get("/api/tasks")).headers
