import httpx2
import pytest

from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

PATH = "/api/tasks/1/complete"


@pytest.fixture
async def client(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """A person with one open task."""
    await client.post("/api/tasks", json={"title": "a"})
    return client


@pytest.mark.parametrize("done", [True, False])
async def test_with_a_body_it_says_whether_a_task_is_done_however_often(
    client: httpx2.AsyncClient, *, done: bool
) -> None:
    for _ in range(2):
        answer = await client.patch(PATH, json={"completed": done})
        assert (answer.status_code, answer.json()["completed"]) == (200, done)
        assert answer.headers["etag"] == ('"2"' if done else '"1"')


async def test_without_a_body_it_turns_the_task_around(client: httpx2.AsyncClient) -> None:
    states = [(await client.patch(PATH)).json()["completed"] for _ in range(3)]
    assert states == [True, False, True]


async def test_turning_around_is_safe_to_retry_with_a_key(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    first = await client.patch(PATH, headers={"Idempotency-Key": "k"})
    again = await client.patch(PATH, headers={"Idempotency-Key": "k"})
    assert again.json() == first.json()
    assert again.json()["completed"] is True
    assert again.headers["idempotency-replayed"] == "true"
    assert await count_events() == 2


async def test_a_key_of_turning_around_is_not_one_of_completing(
    client: httpx2.AsyncClient,
) -> None:
    await client.patch(PATH, headers={"Idempotency-Key": "k"})
    answer = await client.patch(PATH, json={"completed": True}, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [(b"{}", "#/completed"), (b'{"completed": 1}', "#/completed"), (b"[]", "#"), (b"null", "#")],
)
async def test_any_other_body_changes_nothing(
    client: httpx2.AsyncClient, count_events: CountEvents, body: bytes, pointer: str
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await client.patch(PATH, content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert await count_events() == 1


async def test_a_body_must_say_what_it_is(client: httpx2.AsyncClient) -> None:
    answer = await client.patch(PATH, content=b'{"completed": true}')
    assert answer.status_code == 415
    assert "application/json" in answer.headers["accept-patch"]
    patched = await client.patch(
        PATH,
        content=b'{"completed": true}',
        headers={"Content-Type": "application/merge-patch+json"},
    )
    assert patched.json()["completed"] is True


async def test_it_can_be_conditional(client: httpx2.AsyncClient) -> None:
    answer = await client.patch(PATH, headers={"If-Match": '"7"'})
    assert (answer.status_code, answer.headers["etag"]) == (412, '"1"')


async def test_a_task_of_somebody_else_is_not_there(stranger: httpx2.AsyncClient) -> None:
    assert (await stranger.patch(PATH)).json()["code"] == "task-not-found"
