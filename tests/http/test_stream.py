import asyncio
import statistics
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import httpx2
import pytest

from api.http.security_headers import NEVER_STORED
from api.identity.claims import LEEWAY
from api.identity.issue import issue_token
from api.wire import limits
from events import clock
from tests.history import come_by_another_way
from tests.http.application import ORIGIN, SECRET, Running, running_on, token_of
from tests.http.listening import STREAM, listening
from tests.http.logged import logged_requests
from tests.http.serving import served

pytestmark = pytest.mark.anyio

LATENCY = 0.1


@asynccontextmanager
async def people(application: Running, *users: str) -> AsyncGenerator[list[httpx2.AsyncClient]]:
    """Have people come over the network, each with a good token."""
    async with served(application, drain=3, stopping=application.state["streams"].stop) as (h, p):
        clients = [
            httpx2.AsyncClient(
                base_url=f"http://{h}:{p}", headers={"Authorization": f"Bearer {token_of(user)}"}
            )
            for user in users
        ]
        try:
            yield clients
        finally:
            for client in clients:
                await client.aclose()


@pytest.fixture
async def own(database_url: str) -> AsyncGenerator[Running]:
    """An application of the test's own, since its streams are stopped at the end."""
    async with running_on(database_url) as application:
        yield application


@pytest.fixture
async def person(own: Running, user_id: str) -> AsyncGenerator[httpx2.AsyncClient]:
    async with people(own, user_id) as [client]:
        yield client


async def create(client: httpx2.AsyncClient, count: int = 1) -> None:
    for number in range(count):
        answer = await client.post("/api/tasks", json={"title": f"task {number}"})
        assert answer.status_code == 201


async def test_a_stream_begins_now_and_tells_what_happens(person: httpx2.AsyncClient) -> None:
    await create(person)
    async with listening(person) as stream:
        start = await stream.next()
        assert (start.event, start.sequence, start.said) == ("start", 1, {"sequence": 1})
        assert 1_000 <= int(start.retry) < 3_000
        await person.patch("/api/tasks/1", json={"title": "Milk"})
        told = await stream.next()
        assert (told.event, told.sequence) == ("TaskRenamed", 2)
        assert told.said["sequence"] == 2
        assert told.said["data"] == {"title": "Milk"}


async def test_its_headers_keep_it_out_of_caches_and_buffers(person: httpx2.AsyncClient) -> None:
    async with listening(person, Origin=ORIGIN) as stream:
        headers = stream.answer.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert headers["cache-control"] == NEVER_STORED
        assert headers["x-accel-buffering"] == "no"
        assert headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("by", ["header", "parameter", "both"])
async def test_a_stream_goes_on_after_the_id_it_is_told(
    person: httpx2.AsyncClient, by: str
) -> None:
    await create(person, 45)
    address = {"header": STREAM, "parameter": f"{STREAM}?after=3", "both": f"{STREAM}?after=40"}
    headers = {} if by == "parameter" else {"Last_Event_ID": "3"}
    async with listening(person, address[by], **headers) as stream:
        assert (await stream.next()).said == {"sequence": 3}
        assert [(await stream.next()).sequence for _ in range(42)] == [*range(4, 46)]


@pytest.mark.parametrize(
    "unknown", ["3", "9" * 19, "9" * 30, "-1", "1.0", "%20", "a", "01", "%D9%A1", "1-", "1-abc"]
)
async def test_an_id_that_is_not_in_the_log_is_answered_with_a_reset(
    person: httpx2.AsyncClient, unknown: str
) -> None:
    await create(person, 2)
    async with listening(person, f"{STREAM}?after={unknown}") as stream:
        reset = await stream.next()
        assert (reset.event, reset.sequence, reset.said) == ("reset", 2, {"sequence": 2})
        await create(person)
        assert (await stream.next()).sequence == 3


async def test_an_id_is_a_place_in_one_log_and_in_no_other(own: Running, user_id: str) -> None:
    async with people(own, user_id, f"not-{user_id}") as [person, other]:
        await create(person, 3)
        await create(other, 9)
        async with listening(person, f"{STREAM}?after=1") as stream:
            first, second = await stream.next(), await stream.next()
        async with listening(person, Last_Event_ID=first.id) as stream:
            again = [await stream.next(), await stream.next()]
        assert [message.id for message in again] == [first.id, second.id]
        # As if the log had been restored to an earlier day, and had grown again since.
        async with listening(other, Last_Event_ID=second.id) as stream:
            reset = await stream.next()
            assert (reset.event, reset.said) == ("reset", {"sequence": 9})


async def test_a_stream_notices_that_the_log_is_another_and_longer_one(
    own: Running, person: httpx2.AsyncClient, user_id: str
) -> None:
    await create(person, 3)
    async with listening(person, f"{STREAM}?after=2") as stream:
        assert [(await stream.next()).event for _ in range(2)] == ["start", "TaskCreated"]
        await come_by_another_way(own.state["pool"], user_id)
        await create(person)
        assert (await stream.next()).event == "reset"


async def test_everything_there_ever_was_is_after_0(person: httpx2.AsyncClient) -> None:
    async with listening(person, f"{STREAM}?after=0") as stream:
        assert (await stream.next()).event == "start"
        await create(person, 2)
        assert [(await stream.next()).sequence for _ in range(2)] == [1, 2]


async def test_silence_is_broken_by_signs_of_life(database_url: str, user_id: str) -> None:
    async with (
        running_on(database_url, stream_heartbeat=0.05) as application,
        people(application, user_id) as [person],
        listening(person) as stream,
    ):
        await stream.next()
        quiet = await stream.next()
        assert (quiet.event, quiet.id, quiet.data) == ("", "", "")


async def test_a_stream_ends_after_its_life_and_says_so(database_url: str, user_id: str) -> None:
    async with (
        running_on(database_url, stream_life=0.3) as application,
        people(application, user_id) as [person],
        listening(person) as stream,
    ):
        messages = [message for message in await stream.rest() if message.event]
        assert [message.event for message in messages] == ["start", "end"]
        assert messages[-1].said == {"reason": "lifetime"}


async def test_a_stream_ends_with_its_token(own: Running, user_id: str) -> None:
    lifetime = timedelta(seconds=3 - LEEWAY)
    short = issue_token(SECRET.encode(), user_id=user_id, now=clock.now(), lifetime=lifetime)
    headers = {"Authorization": f"Bearer {short}"}
    async with people(own, user_id) as [person], listening(person, **headers) as stream:
        assert (await stream.until("end"))[-1].said == {"reason": "expired"}


async def test_a_stop_does_not_wait_for_streams(own: Running, user_id: str) -> None:
    headers = {"Authorization": f"Bearer {token_of(user_id)}"}
    async with httpx2.AsyncClient(headers=headers) as person, AsyncExitStack() as stack:
        serving = served(own, stopping=own.state["streams"].stop)
        async with serving as (host, port):
            opened = listening(person, f"http://{host}:{port}{STREAM}")
            stream = await stack.enter_async_context(opened)
            assert (await stream.next()).event == "start"
            reading = asyncio.create_task(stream.rest())
            began = time.monotonic()
        assert time.monotonic() - began < 1.5
        assert (await reading)[-1].said == {"reason": "stopping"}
    async with own.client_of(user_id) as late:
        refused = await late.get(STREAM)
    assert (refused.status_code, refused.json()["code"]) == (503, "streams-full")


async def test_a_stream_outlives_what_a_request_may_take_to_arrive(
    own: Running, user_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.1)
    async with people(own, user_id, user_id) as [person, other], listening(person) as stream:
        await stream.next()
        waiting = asyncio.create_task(stream.next())
        done, _ = await asyncio.wait([waiting], timeout=0.5)
        assert not done
        await create(other)
        await waiting
        assert (await person.get("/api/tasks")).json()


async def test_each_person_hears_of_their_own(own: Running, user_id: str) -> None:
    async with people(own, user_id, f"not-{user_id}") as [person, stranger]:
        await create(person, 3)
        for after in ("0", "1", "3", "4", "x"):
            async with listening(stranger, f"{STREAM}?after={after}") as stream:
                assert (await stream.next()).id == "0"
                await create(person)
                waiting = asyncio.create_task(stream.next())
                done, _ = await asyncio.wait([waiting], timeout=0.1)
                assert not done
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)


async def test_streams_of_one_person_are_limited(database_url: str, user_id: str) -> None:
    async with (
        running_on(database_url, stream_limit_user=1, stream_limit=2) as application,
        people(application, user_id, "b" + user_id, "c" + user_id) as [one, other, third],
    ):
        async with listening(one) as first, listening(other):
            await first.next()
            too_many = await one.get(STREAM)
            assert (too_many.status_code, too_many.json()["code"]) == (429, "too-many-streams")
            assert too_many.headers["retry-after"]
            full = await third.get(STREAM)
            assert (full.status_code, full.json()["code"]) == (503, "streams-full")
            assert len(application.state["streams"]) == 2
            metrics = (await one.get("/api/metrics")).text
            assert "taskfold_streams_open 2.0" in metrics
        async with asyncio.timeout(5):
            while len(application.state["streams"]):  # noqa: ASYNC110 - the server tells nobody
                await asyncio.sleep(0.01)
        async with listening(one) as again:
            assert (await again.next()).event == "start"


async def test_a_stream_is_one_line_in_the_log_at_its_end(own: Running, user_id: str) -> None:
    with logged_requests() as logged:
        async with people(own, user_id) as [person], listening(person) as stream:
            await stream.next()
            assert logged == []
    [line] = logged
    assert (line["event"], line["route"], line["status"]) == ("http.request", STREAM, 200)


async def test_head_says_what_get_would_and_ends(person: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(5):
        answer = await person.head(STREAM)
    assert (answer.status_code, answer.content) == (200, b"")


async def test_a_parameter_that_is_not_known_is_refused(person: httpx2.AsyncClient) -> None:
    answer = await person.get(f"{STREAM}?since=3")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"parameter": "since", "detail": "This is not known here."}]


async def test_who_accepts_no_streams_is_told_so(person: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(5):
        answer = await person.get(STREAM, headers={"Accept": "application/json"})
    assert answer.status_code == 406


async def test_an_event_is_heard_within_a_tenth_of_a_second(own: Running, user_id: str) -> None:
    taken: list[float] = []
    async with people(own, user_id, user_id) as [listener, writer], listening(listener) as stream:
        await stream.next()
        for _ in range(30):
            answered = asyncio.create_task(create(writer))
            before = time.monotonic()
            await stream.next()
            taken.append(time.monotonic() - before)
            await answered
    assert statistics.median(taken) < LATENCY
