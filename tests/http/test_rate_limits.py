from contextlib import AbstractAsyncContextManager
from ipaddress import ip_network

import httpx2
import pytest

from api.http import quotas
from api.http.client_address import client_address
from api.http.quotas import Quotas
from api.rate import Rate
from tests.http.application import ORIGIN, Running, running_on

pytestmark = pytest.mark.anyio

THREE = Rate(3, 3_600)
PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def limited(database_url: str, **limits: object) -> AbstractAsyncContextManager[Running]:
    """The product with quotas that a test can use up."""
    return running_on(database_url, **limits)


async def statuses(client: httpx2.AsyncClient, path: str, count: int = 4) -> list[int]:
    return [(await client.get(path)).status_code for _ in range(count)]


async def test_a_user_who_asks_too_often_is_told_when_to_come_back(
    database_url: str, user_id: str
) -> None:
    async with (
        limited(database_url, rate_limit_user=THREE) as application,
        application.client_of(user_id) as client,
        application.client_of(f"not-{user_id}") as other,
    ):
        answers = [await client.get("/api/tasks", headers={"Origin": ORIGIN}) for _ in range(4)]
        assert (await other.get("/api/tasks")).status_code == 200
    *good, refused = answers
    assert [answer.headers["ratelimit"] for answer in good] == [
        f'"user";r={left};t=3600' for left in (2, 1, 0)
    ]
    assert refused.status_code == 429
    assert refused.headers["ratelimit-policy"] == '"user";q=3;w=3600'
    assert refused.headers["ratelimit"] == '"user";r=0;t=3600'
    assert refused.headers["retry-after"] == "3600"
    assert refused.headers["access-control-allow-origin"] == ORIGIN
    assert "RateLimit" in refused.headers["access-control-expose-headers"].split(", ")
    problem = refused.json()
    assert (problem["code"], problem["violated-policies"]) == ("quota-exceeded", ["user"])


async def test_a_change_beyond_the_quota_is_not_made(database_url: str, user_id: str) -> None:
    async with (
        limited(database_url, rate_limit_user=Rate(1, 3_600)) as application,
        application.client_of(user_id) as client,
    ):
        for status in (201, 429):
            answer = await client.post("/api/tasks", json={"title": "a"})
            assert answer.status_code == status


@pytest.mark.parametrize("path", ["/api/problems", "/api/nothing", "/api/tasks", "/api/metrics"])
async def test_who_has_no_token_is_counted_by_address(database_url: str, path: str) -> None:
    async with (
        limited(database_url, rate_limit_address=THREE) as application,
        application.client() as client,
    ):
        *good, refused = [await client.get(path) for _ in range(4)]
    assert {answer.status_code for answer in good} <= {200, 401, 404}
    assert good[0].headers["ratelimit"] == '"address";r=2;t=3600'
    assert (refused.status_code, refused.json()["violated-policies"]) == (429, ["address"])


async def test_bad_tokens_are_counted_by_address_and_good_ones_pass(
    database_url: str, user_id: str
) -> None:
    async with (
        limited(database_url, rate_limit_address=THREE) as application,
        application.client(Authorization="Bearer bad") as guesser,
        application.client_of(user_id) as client,
    ):
        assert await statuses(guesser, "/api/tasks") == [401, 401, 401, 429]
        assert await statuses(client, "/api/tasks") == [200] * 4


async def test_tokens_of_metrics_cannot_be_guessed_for_ever(database_url: str) -> None:
    async with (
        limited(
            database_url, rate_limit_address=THREE, metrics_token="o3Jq9d7f2kLmV5xT"
        ) as application,
        application.client(Authorization="Bearer bad") as guesser,
    ):
        assert await statuses(guesser, "/api/metrics") == [401, 401, 401, 429]


async def test_health_is_never_limited(database_url: str) -> None:
    async with (
        limited(database_url, rate_limit_address=Rate(1, 3_600)) as application,
        application.client() as client,
    ):
        answers = [await client.get("/api/health/live") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[0].headers


async def test_without_limits_nothing_is_told(client: httpx2.AsyncClient) -> None:
    assert "ratelimit" not in (await client.get("/api/tasks")).headers


def test_a_window_begins_with_the_first_request_and_ends_at_its_time() -> None:
    users = Quotas("user", Rate(2, 60))
    taken = [users.take("ada", now) for now in (0.0, 59.5, 59.9, 60.0)]
    assert [quota.exceeded for quota in taken] == [False, False, True, False]
    assert [(quota.left, quota.reset) for quota in taken] == [(1, 60), (0, 1), (0, 1), (1, 60)]


def test_what_is_over_is_forgotten() -> None:
    users = Quotas("user", Rate(2, 60))
    for number in range(1_000):
        users.take(str(number), float(number))
    assert len(users) == 60


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "REMEMBERED", 100)
    users = Quotas("user", Rate(2, 60))
    for number in range(1_000):
        users.take(str(number), 0.0)
    assert len(users) <= 100


@pytest.mark.parametrize(
    ("socket", "forwarded", "found"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        (None, ["198.51.100.7"], "unknown"),
    ],
)
def test_only_trusted_proxies_say_whose_address_it_is(
    socket: str | None, forwarded: list[str], found: str
) -> None:
    scope = {
        "type": "http",
        "client": (socket, 1) if socket else None,
        "headers": [(b"x-forwarded-for", field.encode()) for field in forwarded],
    }
    assert client_address(scope, PROXIES) == found
