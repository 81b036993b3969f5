import re

import httpx2
import pytest

from tests.http.application import ORIGIN, Running, running_on

pytestmark = pytest.mark.anyio

UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

EVERYWHERE = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/api/tasks", "private, no-cache"),
        ("/api/tasks/1", "private, no-store"),
        ("/api/nothing", "private, no-store"),
        ("/api/health/live", "private, no-store"),
    ],
)
async def test_every_answer_is_guarded(client: httpx2.AsyncClient, path: str, kept: str) -> None:
    answer = await client.get(path)
    assert answer.headers.items() >= EVERYWHERE.items()
    assert answer.headers["cache-control"] == kept
    assert "Authorization" in answer.headers["vary"].split(", ")


async def test_a_task_may_be_kept_if_it_is_checked_each_time(client: httpx2.AsyncClient) -> None:
    created = await client.post("/api/tasks", json={"title": "a"})
    assert created.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("public_url", "told"),
    [("https://todo.example.com", "max-age=31536000"), ("http://localhost:8000", None)],
)
async def test_browsers_are_kept_to_https_where_that_is_the_address(
    database_url: str, public_url: str, told: str | None
) -> None:
    async with (
        running_on(database_url, public_url=public_url) as application,
        application.client() as client,
    ):
        for path in ("/api/tasks", "/api/health/live", "/api/nothing"):
            assert (await client.get(path)).headers.get("strict-transport-security") == told


@pytest.mark.parametrize("given", ["a", "01JD-x.y:z/=+@~_9", "a" * 128])
async def test_a_well_formed_request_id_is_kept(client: httpx2.AsyncClient, given: str) -> None:
    answer = await client.get("/api/tasks/1", headers={"X-Request-Id": given})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == given


@pytest.mark.parametrize("given", [b"", b"a b", b"a" * 129, b'"a"', "ü".encode(), b"<script>"])
async def test_any_other_request_id_is_replaced(client: httpx2.AsyncClient, given: bytes) -> None:
    answer = await client.get("/api/tasks/1", headers=[(b"X-Request-Id", given)])
    assert UUID7.fullmatch(answer.headers["x-request-id"])


async def test_an_event_knows_its_request_its_actor_and_its_client(
    application: Running, client: httpx2.AsyncClient, user_id: str
) -> None:
    headers = {"X-Request-Id": "my-request", "User-Agent": "curl/8.14\t" + "x" * 300}
    await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    async with application.state["pool"].connection() as connection:
        cursor = await connection.execute(
            "select metadata from taskfold.event where user_id = %s", (user_id,)
        )
        row = await cursor.fetchone()
    assert row is not None
    metadata = row[0]
    assert isinstance(metadata, dict)
    assert metadata["request_id"] == metadata["correlation_id"] == "my-request"
    assert metadata["actor"] == user_id
    assert metadata["client"] == "curl/8.14" + "x" * 191


@pytest.mark.parametrize("path", ["/api/tasks", "/api/tasks/1", "/api/tasks/2", "/api/docs"])
async def test_head_answers_as_get_without_the_body(client: httpx2.AsyncClient, path: str) -> None:
    await client.post("/api/tasks", json={"title": "a"}, headers={"X-Request-Id": "r"})
    got = await client.get(path, headers={"X-Request-Id": "r"})
    head = await client.head(path, headers={"X-Request-Id": "r"})
    assert (head.status_code, head.headers, head.content) == (got.status_code, got.headers, b"")


EXPOSED = {
    "Accept-Patch",
    "Allow",
    "Deprecation",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Preference-Applied",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Taskfold-Lag",
    "Taskfold-Sequence",
    "WWW-Authenticate",
    "X-Request-Id",
}
SENT = {
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "prefer",
    "taskfold-not-before",
    "traceparent",
    "x-request-id",
}


async def test_a_known_origin_may_read_answers_and_their_headers(
    client: httpx2.AsyncClient,
) -> None:
    for path in ("/api/tasks", "/api/tasks/1", "/api/nothing"):
        answer = await client.get(path, headers={"Origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert set(exposed) >= EXPOSED
        assert set(answer.headers["vary"].split(", ")) == {"Authorization", "Origin"}


async def test_a_page_without_a_token_may_read_why(anonymous: httpx2.AsyncClient) -> None:
    answer = await anonymous.get("/api/tasks", headers={"Origin": ORIGIN})
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == ORIGIN


FOREIGN = ["https://evil.example.com", f"{ORIGIN}.evil.com", ORIGIN.upper(), f"{ORIGIN}/", "null"]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_any_other_origin_may_read_nothing(client: httpx2.AsyncClient, origin: str) -> None:
    answer = await client.get("/api/tasks", headers={"Origin": origin})
    assert "access-control-allow-origin" not in answer.headers
    assert set(answer.headers["vary"].split(", ")) == {"Authorization", "Origin"}


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_preflight_of_a_known_origin_succeeds(
    anonymous: httpx2.AsyncClient, method: str
) -> None:
    headers = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization,content-type,if-match",
    }
    answer = await anonymous.options("/api/tasks/1", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert method in answer.headers["access-control-allow-methods"].split(", ")
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert set(allowed) >= SENT
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_preflight_of_any_other_origin_allows_nothing(
    anonymous: httpx2.AsyncClient, origin: str
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    answer = await anonymous.options("/api/tasks", headers=headers)
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_without_origins_no_page_may_read_anything(database_url: str) -> None:
    async with (
        running_on(database_url, cors_origins=()) as application,
        application.client(Origin=ORIGIN) as client,
    ):
        answer = await client.get("/api/health/live")
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_addresses_begin_as_configured(database_url: str, user_id: str) -> None:
    async with (
        running_on(database_url, public_url="https://todo.example.com/backend") as application,
        application.client_of(user_id) as client,
    ):
        created = await client.post("/api/tasks", json={"title": "a"})
        await client.post("/api/tasks", json={"title": "b"})
        listed = await client.get("/api/tasks?limit=1")
    assert created.headers["location"] == "https://todo.example.com/backend/api/tasks/1"
    assert created.json()["url"] == created.headers["location"]
    assert listed.links["next"]["url"].startswith("https://todo.example.com/backend/api/tasks?")
