import re
from collections.abc import AsyncGenerator
from pathlib import Path

import anyio
import httpx2
import psycopg
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from starlette.types import Message, Scope

from api.app import create_app
from api.http import problem_types, reading
from api.http.problem_table import TABLE
from api.http.problem_type import ProblemType
from api.http.problem_types import PROBLEM_TYPES
from api.http.state import AppState
from commands import errors as refusals
from events.database import open_pool
from events.errors import DatabaseUnreachableError
from events.lookups import open_lookups
from tests.http.application import ORIGIN, Running, running, running_on, settings_for
from tests.http.conftest import CountEvents
from tests.http.logged import logged_requests

pytestmark = pytest.mark.anyio

SECRET_TEXT = "the words of an exception that nobody outside may read"


async def test_a_problem_has_every_member_of_the_rfc_and_ours(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/tasks/7", headers={"X-Request-Id": "my-request"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/api/problems/task-not-found",
        "title": "There is no such task",
        "status": 404,
        "detail": "Task 7 does not exist.",
        "instance": "/api/tasks/7",
        "code": "task-not-found",
        "request_id": "my-request",
    }


async def test_the_type_of_a_problem_leads_to_its_description(client: httpx2.AsyncClient) -> None:
    problem = (await client.get("/api/tasks/7")).json()
    described = (await client.get(problem["type"])).json()
    assert described.items() >= {"code": "task-not-found", "status": 404}.items()


async def test_every_problem_is_listed_once_and_described(anonymous: httpx2.AsyncClient) -> None:
    listed = (await anonymous.get("/api/problems")).json()
    defined = [kind for kind in vars(problem_types).values() if isinstance(kind, ProblemType)]
    assert sorted(problem["code"] for problem in listed) == sorted(kind.code for kind in defined)
    for problem in listed:
        assert (await anonymous.get(problem["type"])).json() == problem


async def test_an_unknown_problem_is_not_found(anonymous: httpx2.AsyncClient) -> None:
    answer = await anonymous.get("/api/problems/nonsense")
    assert (answer.status_code, answer.json()["code"]) == (404, "route-not-found")


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/task", "/api/tasks/", "/api/tasks/1/undone", "/docs", "/%00", "//"]
)
async def test_a_path_that_is_none_is_a_problem(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "route-not-found")


METHODS = {
    "/api/tasks": "DELETE, GET, HEAD, OPTIONS, POST",
    "/api/tasks/1": "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
    "/api/tasks/1/complete": "OPTIONS, PATCH, POST",
    "/api/health/live": "GET, HEAD, OPTIONS",
    "/api/docs": "GET, HEAD, OPTIONS",
    "/api/openapi.json": "GET, HEAD, OPTIONS",
}


@pytest.mark.parametrize(("path", "methods"), METHODS.items())
async def test_a_wrong_method_is_told_all_the_right_ones(
    client: httpx2.AsyncClient, path: str, methods: str
) -> None:
    answer = await client.request("LOCK", path)
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"] == methods


@pytest.mark.parametrize(("path", "methods"), METHODS.items())
async def test_options_tells_the_methods(
    anonymous: httpx2.AsyncClient, path: str, methods: str
) -> None:
    answer = await anonymous.options(path)
    assert (answer.status_code, answer.headers["allow"]) == (204, methods)


async def test_options_of_nothing_is_not_found(anonymous: httpx2.AsyncClient) -> None:
    assert (await anonymous.options("/api/nothing")).status_code == 404


def failing_app(database_url: str, error: Exception) -> FastAPI:
    """The product with one more route, which fails."""
    app = create_app(settings_for(database_url))

    @app.get("/api/failing")
    async def fail() -> None:
        raise error

    return app


ERRORS: dict[str, tuple[Exception, int, str]] = {
    "unexpected": (RuntimeError(SECRET_TEXT), 500, "internal-error"),
    "a group": (ExceptionGroup(SECRET_TEXT, [ValueError()]), 500, "internal-error"),
    "a status nobody meant": (HTTPException(418, SECRET_TEXT), 500, "internal-error"),
    "a damaged log": (refusals.ImpossibleEventError(1, 2), 500, "internal-error"),
    "database away": (DatabaseUnreachableError(SECRET_TEXT), 503, "database-unavailable"),
    "connection lost": (psycopg.OperationalError(SECRET_TEXT), 503, "database-unavailable"),
    "connection ended": (psycopg.errors.AdminShutdown(SECRET_TEXT), 503, "database-unavailable"),
    "queue full": (refusals.QueueFullError(1_000), 503, "overloaded"),
    "outcome unknown": (refusals.OutcomeUnknownError(), 503, "outcome-unknown"),
}


@pytest.mark.parametrize(("error", "status", "code"), ERRORS.values(), ids=ERRORS.keys())
async def test_an_error_of_ours_tells_what_to_do_and_not_a_word_of_its_own(
    database_url: str, error: Exception, status: int, code: str
) -> None:
    async with (
        running(failing_app(database_url, error)) as application,
        application.client(Origin=ORIGIN) as client,
    ):
        answer = await client.get("/api/failing")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert SECRET_TEXT not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_unexpected_error_is_logged_where_it_happened_and_not_in_its_words(
    database_url: str,
) -> None:
    app = failing_app(database_url, RuntimeError(SECRET_TEXT))
    async with running(app) as application, application.client() as client:
        with logged_requests() as logged:
            answer = await client.get("/api/failing")
    (report,) = [event for event in logged if event["event"] == "http.unexpected_error"]
    assert report["log_level"] == "error"
    assert report["request_id"] == answer.json()["request_id"]
    assert f"{Path(__file__).name}:" in report["exception"]
    assert SECRET_TEXT not in str(logged)


async def test_an_answer_that_fails_halfway_is_left_unfinished(database_url: str) -> None:
    app = create_app(settings_for(database_url))

    @app.get("/api/failing")
    async def fail() -> StreamingResponse:
        async def halves() -> AsyncGenerator[bytes]:
            yield b"one half"
            raise RuntimeError(SECRET_TEXT)

        return StreamingResponse(halves())

    sent: list[Message] = []

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "GET", "path": "/api/failing", "headers": []}
    async with running(app) as application:
        with logged_requests() as logged:
            await application({**scope, "query_string": b""}, receive, send)
    assert [message.get("more_body") for message in sent] == [None, True]
    assert [event["event"] for event in logged] == ["http.unexpected_error", "http.request"]


async def test_a_change_that_cannot_be_read_back_is_told_to_be_in_doubt(
    application: Running, user_id: str, monkeypatch: pytest.MonkeyPatch, count_events: CountEvents
) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.1)
    async with open_pool(application.state["settings"].database_url or "", size=1) as closed:
        pass
    async with open_lookups(closed) as lookups:
        state = AppState({**application.state, "pool": closed, "lookups": lookups})
        async with Running(application.app, state).client_of(user_id) as client:
            answer = await client.post("/api/tasks", json={"title": "a"})
    assert (answer.status_code, answer.json()["code"]) == (503, "outcome-unknown")
    assert await count_events() == 1


async def test_commands_beyond_the_queue_are_turned_away(database_url: str, user_id: str) -> None:
    answers: list[httpx2.Response] = []
    async with (
        running_on(database_url, queue_limit=1) as application,
        application.client_of(user_id) as client,
    ):

        async def create() -> None:
            answers.append(await client.post("/api/tasks", json={"title": "a"}))

        async with anyio.create_task_group() as crowd:
            for _ in range(20):
                crowd.start_soon(create)
        listed = (await client.get("/api/tasks")).json()
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert {answer.json()["code"] for answer in refused} == {"overloaded"}
    assert {answer.headers["retry-after"] for answer in refused} == {"1"}
    assert len(listed) + len(refused) == 20


def test_every_error_that_can_reach_a_caller_is_in_the_table() -> None:
    refused = (refusals.RefusalError, refusals.WrongVersionError, refusals.KeyReusedError)
    missing = [
        kind for root in refused for kind in (root.__subclasses__() or [root]) if kind not in TABLE
    ]
    assert not missing


def test_codes_are_kebab_case_and_lead_to_themselves() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in PROBLEM_TYPES)
    assert all(kind.uri == f"/api/problems/{code}" for code, kind in PROBLEM_TYPES.items())
