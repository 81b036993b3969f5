import json
import math
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

# The person stays the same from example to example, which is the point: nothing piles up.
same_person = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

FIELDS = (
    "title",
    "description",
    "order",
    "completed",
    "priority",
    "tags",
    "due",
    "id",
    "version",
    "url",
    "",
)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
task_like = st.dictionaries(st.sampled_from(FIELDS) | st.text(), anything, max_size=5)
likely = st.fixed_dictionaries(
    {"title": st.text(max_size=210)},
    optional={
        "description": st.text() | st.none(),
        "order": st.floats(allow_nan=False) | st.integers(),
        "completed": st.booleans(),
        "priority": st.sampled_from(["none", "low", "medium", "high", "urgent"]),
        "tags": st.lists(st.text(max_size=52), max_size=21),
        "due": st.none() | st.dates().map(str) | st.datetimes().map(str),
    },
)
requests = st.sampled_from(
    [("POST", "/api/tasks"), ("PUT", "/api/tasks/1"), ("PATCH", "/api/tasks/1")]
)


def told_what_is_wrong(answer: httpx2.Response) -> bool:
    problem = answer.json()
    return problem["status"] == answer.status_code and bool(problem["code"])


async def send(client: httpx2.AsyncClient, request: tuple[str, str], body: bytes) -> int:
    """Send a body, and see to it that it is either accepted or refused with a problem."""
    headers = {"Content-Type": "application/json"}
    answer = await client.request(*request, content=body, headers=headers)
    assert answer.is_success or (answer.is_client_error and told_what_is_wrong(answer)), answer.text
    return answer.status_code


@same_person
@given(request=requests, body=anything | task_like | likely)
async def test_any_json_is_accepted_or_refused_with_a_problem(
    client: httpx2.AsyncClient, request: tuple[str, str], body: object
) -> None:
    await send(client, request, json.dumps(body).encode())


@same_person
@given(request=requests, body=st.binary(max_size=200) | st.text().map(str.encode))
async def test_any_bytes_are_accepted_or_refused_with_a_problem(
    client: httpx2.AsyncClient, request: tuple[str, str], body: bytes
) -> None:
    await send(client, request, body)


@same_person
@given(body=likely)
async def test_what_is_accepted_reads_back_and_what_is_refused_leaves_nothing(
    client: httpx2.AsyncClient, count_events: CountEvents, body: dict[str, Any]
) -> None:
    body.pop("completed", None)
    before = await count_events()
    headers = {"Content-Type": "application/json"}
    answer = await client.post("/api/tasks", content=json.dumps(body), headers=headers)
    if answer.is_success:
        task = (await client.get(answer.headers["location"])).json()
        assert task == answer.json()
        assert task["title"] == body["title"].strip()
        assert task["description"] == body.get("description", "")
        assert task["order"] == body.get("order", task["id"])
        assert await count_events() == before + 1
    else:
        assert answer.status_code == (422 if math.isfinite(body.get("order", 0)) else 400)
        assert await count_events() == before


@same_person
@given(
    method=st.sampled_from(["GET", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "TRACE", "X"]),
    path=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    query=st.dictionaries(st.text(), st.text(), max_size=2),
)
async def test_any_path_answers_without_failing(
    client: httpx2.AsyncClient, method: str, path: str, query: dict[str, str]
) -> None:
    address = f"/api/tasks/{quote(path)}?{urlencode(query)}"
    answer = await client.request(method, address)
    assert answer.status_code < 500
