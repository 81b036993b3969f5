import json
import socket
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

import anyio
import httpx2
import pytest
from anyio.abc import SocketStream
from starlette.types import Receive, Scope, Send

from api.wire import limits
from tests.http.application import Running, token_of
from tests.http.logged import logged_requests
from tests.http.serving import served

pytestmark = pytest.mark.anyio

GUARDED = {"content-security-policy", "x-content-type-options", "referrer-policy", "x-request-id"}


@pytest.fixture
async def address(application: Running) -> AsyncGenerator[tuple[str, int]]:
    async with served(application) as address:
        yield address


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs that a test can wait for."""
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.2)


async def everything_from(stream: SocketStream) -> bytes:
    """Read until the other end closes."""
    received = b""
    with anyio.fail_after(5):
        async for chunk in stream:
            received += chunk
    return received


def problem_in(answer: bytes) -> dict[str, Any]:
    """Read a whole answer that is a problem and the last on its connection."""
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert headers["cache-control"] == "private, no-store"
    assert headers.keys() >= GUARDED
    problem = json.loads(body)
    assert int(headers["content-length"]) == len(body)
    assert first.split(" ")[1] == str(problem["status"])
    assert problem["request_id"] == headers["x-request-id"]
    return problem


async def answer_to(address: tuple[str, int], *parts: bytes) -> bytes:
    """Send something raw and give all that comes back."""
    async with await anyio.connect_tcp(*address) as stream:
        for part in parts:
            try:
                await stream.send(part)
            except anyio.BrokenResourceError:
                break
        return await everything_from(stream)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /api/tasks\r\n\r\n",
        b"HELLO\r\n\r\n",
        b"GET /api/tasks HTTP/1.1\r\nHost\r\n\r\n",
        b"GET /api/t\xc3\xa4sks HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /api/tasks HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST /api/tasks HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_what_is_not_http_is_a_problem(address: tuple[str, int], request_: bytes) -> None:
    assert problem_in(await answer_to(address, request_))["code"] == "malformed-request"


HEADS = {
    "one long header": b"X: " + b"a" * 70_000,
    "a header without an end": b"X: " + b"a" * 200_000,
    "many long headers": b"\r\n".join(b"X: " + b"a" * 6_600 for _ in range(10)),
    "many short headers": b"\r\n".join(b"X: a" for _ in range(100)),
}


@pytest.mark.parametrize("name", HEADS)
async def test_too_much_of_a_head_is_refused(address: tuple[str, int], name: str) -> None:
    end = b"" if name == "a header without an end" else b"\r\n\r\n"
    start = b"GET /api/health/live HTTP/1.1\r\nHost: a\r\n"
    problem = problem_in(await answer_to(address, start + HEADS[name] + end))
    assert (problem["status"], problem["code"]) == (431, "head-too-large")


async def test_a_long_address_is_refused(address: tuple[str, int]) -> None:
    start = b"GET /api/tasks?q=" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    assert problem_in(await answer_to(address, start))["code"] == "head-too-large"


async def test_a_head_within_the_limits_is_read(address: tuple[str, int]) -> None:
    head = b"\r\n".join(b"X: " + b"a" * 600 for _ in range(95))
    start = b"GET /api/health/live HTTP/1.1\r\nConnection: close\r\nHost: a\r\n"
    answer = await answer_to(address, start + head + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.usefixtures("impatience")
async def test_who_says_nothing_is_let_go_without_a_word(address: tuple[str, int]) -> None:
    assert await answer_to(address) == b""


@pytest.mark.usefixtures("impatience")
async def test_a_head_that_does_not_end_is_not_waited_for(address: tuple[str, int]) -> None:
    async with await anyio.connect_tcp(*address) as stream:
        await stream.send(b"GET /api/tasks HTTP/1.1\r\nHost: a\r\nX: ")

        async def trickle() -> None:
            with anyio.move_on_after(5):
                while True:
                    await stream.send(b"a")
                    await anyio.sleep(0.02)

        answer = b""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(trickle)
            answer = await everything_from(stream)
            tasks.cancel_scope.cancel()
    assert problem_in(answer)["code"] == "request-timeout"


@pytest.mark.usefixtures("impatience")
async def test_a_body_that_does_not_end_is_not_waited_for(
    application: Running, address: tuple[str, int], user_id: str
) -> None:
    request = (
        f"POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token_of(user_id)}\r\n"
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title": "a'
    )
    with logged_requests() as logged:
        answer = await answer_to(address, request.encode())
    problem = problem_in(answer)
    assert (problem["status"], problem["code"]) == (408, "request-timeout")
    assert {event["event"] for event in logged} <= {"http.refused", "http.request"}
    async with application.client_of(user_id) as client:
        assert (await client.get("/api/tasks")).json() == []


@pytest.mark.usefixtures("impatience")
async def test_a_connection_that_is_used_is_kept(address: tuple[str, int]) -> None:
    request = b"GET /api/health/live HTTP/1.1\r\nHost: a\r\n\r\n"
    async with await anyio.connect_tcp(*address) as stream:
        for _ in range(2):
            await stream.send(request)
            assert (await stream.receive()).startswith(b"HTTP/1.1 200 ")
            await anyio.sleep(0.3)


async def test_a_body_that_nobody_reads_ends_the_connection(address: tuple[str, int]) -> None:
    start = b"GET /api/health/live HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    sent = 0
    async with await anyio.connect_tcp(*address) as stream:
        await stream.send(start)
        with anyio.fail_after(5), suppress(anyio.BrokenResourceError):
            while True:
                await stream.send(chunk)
                sent += len(chunk)
    assert sent < 20 * limits.DISCARD_LIMIT


async def test_a_broken_body_is_a_problem(address: tuple[str, int], user_id: str) -> None:
    request = (
        f"POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token_of(user_id)}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
    )
    assert problem_in(await answer_to(address, request.encode()))["code"] == "malformed-request"


CHUNK = b"a" * 0x10000


def endless_reader(address: tuple[str, int]) -> socket.socket:
    """Connect with as little room for unread bytes as the system allows, and ask."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.connect(address)
    reader.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    return reader


async def send_chunks(send: Send, body: bytes, count: int) -> None:
    """Answer with so many chunks."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for place in range(count):
        more = place + 1 < count
        await send({"type": "http.response.body", "body": body, "more_body": more})


@pytest.mark.parametrize(
    ("size", "count"), [(200 * len(CHUNK), 1), (len(CHUNK), 200), (100, 200_000)]
)
async def test_who_does_not_read_an_answer_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, size: int, count: int
) -> None:
    monkeypatch.setattr(limits, "WRITE_SECONDS", 0.2)
    ended = anyio.Event()

    async def answering(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send_chunks(send, b"a" * size, count)
        ended.set()

    async with served(answering) as address:
        with endless_reader(address) as reader, anyio.fail_after(10):
            await ended.wait()
            # A client who reads nothing all this while is what the limit is about.
            await anyio.sleep(0.5)
            received = await anyio.to_thread.run_sync(lambda: what_is_left(reader))
    assert received < size * count


def what_is_left(reader: socket.socket) -> int:
    """Count the bytes that a connection still brings before it ends or breaks."""
    count = 0
    reader.settimeout(5)
    with suppress(ConnectionResetError):
        while chunk := reader.recv(0x10000):
            count += len(chunk)
    return count


async def test_who_reads_slowly_is_served_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WRITE_SECONDS", 0.5)

    async def answering(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send_chunks(send, CHUNK, 40)

    async with served(answering) as address, await anyio.connect_tcp(*address) as stream:
        await stream.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        received = 0
        # Longer than the limit altogether, and never that long between two reads.
        with suppress(anyio.EndOfStream):
            while True:
                received += len(await stream.receive(0x8000))
                await anyio.sleep(0.01)
    assert received > 40 * len(CHUNK)


ONE_LONG_ANSWER = CHUNK * 200


async def read_steadily(address: tuple[str, int]) -> int:
    """Ask for one long answer, take parts of it without haste, and count the bytes."""
    received = 0
    async with await anyio.connect_tcp(*address) as stream:
        await stream.send(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        with anyio.fail_after(30), suppress(anyio.EndOfStream, anyio.BrokenResourceError):
            while True:
                received += len(await stream.receive(len(CHUNK)))
                await anyio.sleep(0.005)
    return received


async def one_long_answer(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send_chunks(send, ONE_LONG_ANSWER, 1)


async def test_who_reads_one_long_answer_steadily_is_served_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "WRITE_SECONDS", 0.2)
    async with served(one_long_answer) as address:
        assert await read_steadily(address) > len(ONE_LONG_ANSWER)


async def test_who_reads_one_long_answer_too_slowly_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "WRITE_SECONDS", 0.2)
    monkeypatch.setattr(limits, "WRITE_FLOOR", 1_000 * len(CHUNK))
    async with served(one_long_answer) as address:
        assert await read_steadily(address) < len(ONE_LONG_ANSWER)


@pytest.mark.parametrize(("method", "code"), [("GET", "overloaded"), ("POST", "outcome-unknown")])
async def test_a_request_cut_off_at_the_end_is_told_so(method: str, code: str) -> None:
    begun = anyio.Event()
    answers: list[httpx2.Response] = []

    async def endless(_scope: Scope, _receive: Receive, _send: Send) -> None:
        begun.set()
        await anyio.sleep_forever()

    async def ask(host: str, port: int) -> None:
        async with httpx2.AsyncClient(base_url=f"http://{host}:{port}") as client:
            answers.append(await client.request(method, "/api/tasks"))

    async with anyio.create_task_group() as tasks, served(endless, drain=1) as (host, port):
        tasks.start_soon(ask, host, port)
        await begun.wait()
    (answer,) = answers
    assert (answer.status_code, answer.json()["code"]) == (503, code)
    assert answer.headers["retry-after"] == "5"
