import httpx2
import pytest

from api.http.trace_context import trace_id
from tests.http.logged import logged_requests

pytestmark = pytest.mark.anyio

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.mark.parametrize(
    "header",
    [f"00-{TRACE}-{PARENT}-01", f"00-{TRACE}-{PARENT}-ff", f"cc-{TRACE}-{PARENT}-01-what-else"],
)
def test_a_trace_is_found_in_a_header_that_follows_the_rules(header: str) -> None:
    assert trace_id([header]) == TRACE


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        [f"00-{TRACE}-{PARENT}-01"] * 2,
        [f"00-{TRACE}-{PARENT}"],
        [f"00-{TRACE}-{PARENT}-01-more"],
        [f"00-{TRACE.upper()}-{PARENT}-01"],
        [f"ff-{TRACE}-{PARENT}-01"],
        [f"00-{'0' * 32}-{PARENT}-01"],
        [f"00-{TRACE}-{'0' * 16}-01"],
        [f"00-{TRACE}-{PARENT}-01 "],
    ],
)
def test_any_other_header_says_nothing(headers: list[str]) -> None:
    assert trace_id(headers) is None


async def test_events_and_log_lines_belong_to_the_trace(client: httpx2.AsyncClient) -> None:
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", "X-Request-Id": "my-request"}
    with logged_requests() as logged:
        await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    (change,) = (await client.get("/api/tasks/1/history")).json()
    assert (change["correlation_id"], change["request_id"]) == (TRACE, "my-request")
    assert [event["trace_id"] for event in logged] == [TRACE]


async def test_without_a_trace_the_request_is_what_belongs_together(
    client: httpx2.AsyncClient,
) -> None:
    headers = {"traceparent": "nonsense", "X-Request-Id": "my-request"}
    with logged_requests() as logged:
        await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    (change,) = (await client.get("/api/tasks/1/history")).json()
    assert change["correlation_id"] == "my-request"
    assert "trace_id" not in logged[0]
