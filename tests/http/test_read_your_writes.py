import asyncio
from collections.abc import AsyncGenerator, Generator
from time import monotonic

import httpx2
import pytest

from api.http import freshness
from projections.daily_activity import DAILY_ACTIVITY
from projections.following.projectors import open_projectors
from tests.databases import database, prepare
from tests.http.application import ORIGIN, Running, running_on

pytestmark = pytest.mark.anyio

READS = [
    "/api/tasks",
    "/api/tasks/1",
    "/api/tasks/1/history",
    "/api/tasks/1/versions/1",
    "/api/events",
    "/api/diff",
    "/api/activity",
]
MALFORMED = ["", "-1", "+1", "1.0", "01", " ", "x", "1, 1", str(2**63), "٣"]


@pytest.fixture(scope="module")
def standing_url(server_url: str) -> Generator[str]:
    """A database whose async projections nobody carries on unless a test does."""
    with database(server_url) as url:
        prepare(url)
        yield url


@pytest.fixture
async def standing(standing_url: str) -> AsyncGenerator[Running]:
    """An application without projectors of its own."""
    async with running_on(standing_url, projectors=False) as application:
        yield application


@pytest.fixture
async def waiting(standing: Running, user_id: str) -> AsyncGenerator[httpx2.AsyncClient]:
    """A person whose activity is not counted unless a test sees to it."""
    async with standing.client_of(user_id) as client:
        yield client


def not_before(sequence: object) -> dict[str, str]:
    return {"Taskfold-Not-Before": str(sequence)}


async def test_every_answer_to_a_change_says_where_the_log_stands(
    client: httpx2.AsyncClient,
) -> None:
    key = {"Idempotency-Key": "k"}
    title = {"title": "a"}
    answers = [
        await client.post("/api/tasks", json=title),
        await client.post("/api/tasks", json=title, headers=key),
        await client.put("/api/tasks/1", json={"title": "b", "completed": True}),
        await client.patch("/api/tasks/1", json={"order": 3}),
        await client.post("/api/tasks/1/complete"),
        await client.post("/api/tasks/1/reopen"),
        await client.delete("/api/tasks/1"),
        await client.post("/api/tasks/1/restore"),
        await client.post("/api/tasks/1/undo"),
        await client.post("/api/events/9/undo"),
        await client.post("/api/tasks", json=title, headers=key),
    ]
    told = [int(answer.headers["taskfold-sequence"]) for answer in answers]
    # Two facts in the third, none in the fifth, and the last one is the second again.
    assert told == [1, 2, 4, 5, 5, 6, 7, 8, 9, 10, 2]


async def test_a_refused_change_says_nothing_of_the_log(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/tasks/1/complete")
    assert answer.status_code == 404
    assert "taskfold-sequence" not in answer.headers


@pytest.mark.parametrize("path", READS)
async def test_an_answer_holds_what_was_written_before(
    client: httpx2.AsyncClient, path: str
) -> None:
    for title in ("a", "b", "c"):
        created = await client.post("/api/tasks", json={"title": title})
        sequence = created.headers["taskfold-sequence"]
        answer = await client.get(path, headers=not_before(sequence))
        assert answer.status_code == 200
        if path == "/api/activity":
            assert sum(day["created"] for day in answer.json()) == int(sequence)


@pytest.mark.parametrize("path", READS[:-1])
async def test_what_is_committed_with_the_change_is_there_at_once(
    waiting: httpx2.AsyncClient, path: str
) -> None:
    await waiting.post("/api/tasks", json={"title": "a"})
    answer = await waiting.get(path, headers=not_before(1))
    assert answer.status_code == 200
    assert "taskfold-lag" not in answer.headers


@pytest.mark.parametrize("path", READS)
async def test_what_does_not_come_in_time_is_to_be_asked_for_again(
    waiting: httpx2.AsyncClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "PATIENCE", 0.3)
    await waiting.post("/api/tasks", json={"title": "a"})
    began = monotonic()
    answer = await waiting.get(path, headers=not_before(2))
    assert 0.3 <= monotonic() - began < 2
    assert (answer.status_code, answer.json()["code"]) == (503, "not-caught-up")
    assert answer.headers["retry-after"] == "1"


async def test_an_answer_waits_for_the_projector_of_another_process(
    standing: Running, waiting: httpx2.AsyncClient
) -> None:
    created = await waiting.post("/api/tasks", json={"title": "a"})
    assert (await waiting.get("/api/activity")).json() == []
    asked = asyncio.create_task(
        waiting.get("/api/activity", headers=not_before(created.headers["taskfold-sequence"]))
    )
    answered, _ = await asyncio.wait([asked], timeout=0.2)
    assert not answered
    pool, bell = standing.state["pool"], type(standing.state["projected"])
    async with open_projectors(pool, bell(), bell(), projections=(DAILY_ACTIVITY,)):
        answer = await asked
    assert (answer.status_code, [day["created"] for day in answer.json()]) == (200, [1])
    assert (answer.headers["taskfold-sequence"], answer.headers["taskfold-lag"]) == ("1", "0.0")


async def test_the_bell_of_the_projector_wakes_who_waits(
    standing: Running, waiting: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "PATIENCE", 60.0)
    monkeypatch.setattr(freshness, "POLL", 60.0)
    await waiting.post("/api/tasks", json={"title": "a"})
    asked = asyncio.create_task(waiting.get("/api/activity", headers=not_before(1)))
    pool, projected = standing.state["pool"], standing.state["projected"]
    async with (
        asyncio.timeout(10),
        open_projectors(pool, type(projected)(), projected, projections=(DAILY_ACTIVITY,)),
    ):
        assert (await asked).headers["taskfold-sequence"] == "1"


async def test_an_answer_that_lacks_something_says_what_and_since_when(
    waiting: httpx2.AsyncClient,
) -> None:
    for title in ("a", "b"):
        await waiting.post("/api/tasks", json={"title": title})
    answer = await waiting.get("/api/activity")
    assert (answer.status_code, answer.json()) == (200, [])
    assert answer.headers["taskfold-sequence"] == "0"
    async with asyncio.timeout(10):
        while float(answer.headers["taskfold-lag"]) < 0.2:
            answer = await waiting.get("/api/activity")


async def test_what_others_wrote_is_not_waited_for(
    standing: Running, waiting: httpx2.AsyncClient, user_id: str
) -> None:
    await waiting.post("/api/tasks", json={"title": "a"})
    async with standing.client_of(f"not-{user_id}") as stranger:
        answer = await stranger.get("/api/activity")
    assert (answer.headers["taskfold-sequence"], answer.headers["taskfold-lag"]) == ("0", "0.0")


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("given", MALFORMED)
async def test_what_is_no_sequence_is_refused(
    client: httpx2.AsyncClient, path: str, given: str
) -> None:
    answer = await client.get(path, headers=[(b"Taskfold-Not-Before", given.encode())])
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-header")
    assert "Taskfold-Not-Before" in answer.json()["detail"]


async def test_a_header_given_twice_is_refused(client: httpx2.AsyncClient) -> None:
    twice = [("Taskfold-Not-Before", "1"), ("Taskfold-Not-Before", "2")]
    assert (await client.get("/api/tasks", headers=twice)).status_code == 400


async def test_everything_is_as_new_as_nothing(client: httpx2.AsyncClient) -> None:
    for path in ("/api/tasks", "/api/activity"):
        assert (await client.get(path, headers=not_before(0))).status_code == 200


async def test_head_waits_too(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    head = await client.head("/api/activity", headers=not_before(1))
    assert (head.status_code, head.headers["taskfold-sequence"]) == (200, "1")


async def test_pages_of_other_origins_may_ask_for_it_and_read_it(
    client: httpx2.AsyncClient,
) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    preflight = await client.options("/api/activity", headers=asked)
    allowed = preflight.headers["access-control-allow-headers"].split(", ")
    answer = await client.get("/api/activity", headers={"Origin": ORIGIN})
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert "Taskfold-Not-Before" in allowed
    assert {"Taskfold-Sequence", "Taskfold-Lag"} <= set(exposed)


async def test_a_problem_of_waiting_can_be_read_by_pages_of_other_origins(
    waiting: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "PATIENCE", 0.0)
    answer = await waiting.get("/api/activity", headers={"Origin": ORIGIN, **not_before(1)})
    assert answer.status_code == 503
    assert answer.headers["access-control-allow-origin"] == ORIGIN
