import httpx2
import pytest

from api.http.prefer import preferred

pytestmark = pytest.mark.anyio

MINIMAL = {"Prefer": "return=minimal"}


@pytest.mark.parametrize(
    "fields",
    [
        ["return=minimal"],
        ['respond-async, return="minimal"; foo=bar'],
        ["Return = Minimal"],
        ["wait=5", "return=minimal", "return=representation"],
    ],
)
def test_the_first_wish_counts(fields: list[str]) -> None:
    assert preferred(fields) == "minimal"


@pytest.mark.parametrize("fields", [[], ["return"], ["return=nothing"], ["respond-async"]])
def test_what_is_not_known_is_passed_over(fields: list[str]) -> None:
    assert preferred(fields) is None


async def test_a_new_task_need_not_be_sent_back(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/api/tasks", json={"title": "a"}, headers=MINIMAL)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["preference-applied"] == "return=minimal"
    assert answer.headers["etag"] == '"1"'
    assert "content-type" not in answer.headers
    assert (await client.get(answer.headers["location"])).json()["title"] == "a"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "", {"title": "b"}),
        ("PATCH", "", {"title": "b"}),
        ("POST", "/complete", None),
        ("PATCH", "/complete", None),
    ],
)
async def test_a_changed_task_need_not_be_sent_back(
    client: httpx2.AsyncClient, method: str, path: str, body: dict[str, str] | None
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    answer = await client.request(method, f"/api/tasks/1{path}", json=body, headers=MINIMAL)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (answer.headers["etag"], answer.headers["taskfold-sequence"]) == ('"2"', "2")
    assert answer.headers["preference-applied"] == "return=minimal"


async def test_a_task_that_is_wanted_back_is_sent(client: httpx2.AsyncClient) -> None:
    headers = {"Prefer": "return=representation"}
    answer = await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    assert answer.json()["title"] == "a"
    assert answer.headers["preference-applied"] == "return=representation"


async def test_a_read_and_an_error_are_told_in_full(client: httpx2.AsyncClient) -> None:
    for answer in (
        await client.get("/api/tasks", headers=MINIMAL),
        await client.post("/api/tasks", json={"title": ""}, headers=MINIMAL),
        await client.post("/api/tasks/1/complete", headers=MINIMAL),
    ):
        assert answer.content
        assert "preference-applied" not in answer.headers
