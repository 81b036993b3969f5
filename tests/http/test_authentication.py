from datetime import timedelta

import httpx2
import pytest

from api.identity.issue import issue_token
from events import clock
from tests.http.application import SECRET, Running, running_on, token_of
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

ROUTES = [
    ("GET", "/api/tasks"),
    ("HEAD", "/api/tasks"),
    ("POST", "/api/tasks"),
    ("GET", "/api/tasks/1"),
    ("PUT", "/api/tasks/1"),
    ("PATCH", "/api/tasks/1"),
    ("DELETE", "/api/tasks/1"),
    ("POST", "/api/tasks/1/complete"),
    ("POST", "/api/tasks/1/reopen"),
    ("POST", "/api/tasks/1/restore"),
    ("POST", "/api/tasks/1/undo"),
    ("POST", "/api/events/1/undo"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_without_a_token_every_task_route_asks_for_one(
    anonymous: httpx2.AsyncClient, method: str, path: str
) -> None:
    answer = await anonymous.request(method, path)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="taskfold"'


async def test_a_missing_token_is_noticed_before_anything_about_the_body(
    anonymous: httpx2.AsyncClient,
) -> None:
    answer = await anonymous.post("/api/tasks", content=b"{" * 2_000_000)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def expired(user_id: str) -> str:
    past = clock.now() - timedelta(hours=1)
    return issue_token(SECRET.encode(), user_id=user_id, now=past, lifetime=timedelta(minutes=1))


def forged(user_id: str) -> str:
    other = b"somebody else's secret, just as long"
    return issue_token(other, user_id=user_id, now=clock.now(), lifetime=timedelta(minutes=1))


def for_another_audience(user_id: str) -> str:
    return issue_token(
        SECRET.encode(),
        user_id=user_id,
        now=clock.now(),
        lifetime=timedelta(minutes=1),
        audience="https://other.test",
    )


@pytest.mark.parametrize("make", [expired, forged, for_another_audience, str])
async def test_a_bad_token_is_told_why_and_reaches_no_handler(
    application: Running, user_id: str, count_events: CountEvents, make: "type[str]"
) -> None:
    async with application.client(Authorization=f"Bearer {make(user_id)}") as client:
        answer = await client.post("/api/tasks", json={"title": "a"})
    assert answer.status_code == 401
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith(
        'Bearer realm="taskfold", error="invalid_token", error_description='
    )
    assert challenge.endswith(f'"{answer.json()["detail"]}"')
    assert await count_events() == 0


async def test_two_authorization_headers_are_refused(application: Running, user_id: str) -> None:
    value = f"Bearer {token_of(user_id)}"
    async with application.client() as client:
        headers = [("Authorization", value), ("Authorization", value)]
        answer = await client.get("/api/tasks", headers=headers)
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["www-authenticate"]


async def test_a_token_in_the_query_is_no_token(
    anonymous: httpx2.AsyncClient, user_id: str
) -> None:
    answer = await anonymous.get("/api/tasks", params={"access_token": token_of(user_id)})
    assert answer.status_code == 401


async def test_the_configured_issuer_and_audience_are_demanded(
    database_url: str, user_id: str
) -> None:
    issuer = "https://app.test"
    token = issue_token(
        SECRET.encode(),
        user_id=user_id,
        now=clock.now(),
        lifetime=timedelta(minutes=1),
        issuer=issuer,
        audience=issuer,
    )
    async with running_on(database_url, jwt_issuer=issuer, jwt_audience=issuer) as application:
        async with application.client(Authorization=f"Bearer {token}") as client:
            assert (await client.get("/api/tasks")).status_code == 200
        async with application.client_of(user_id) as client:
            assert (await client.get("/api/tasks")).status_code == 401


@pytest.mark.parametrize(
    "path",
    ["/api/health/live", "/api/health/ready", "/api/openapi.json", "/api/docs", "/api/problems"],
)
async def test_what_is_the_same_for_everybody_needs_no_token(
    anonymous: httpx2.AsyncClient, path: str
) -> None:
    assert (await anonymous.get(path)).status_code == 200
