import anyio
import httpx2
import pytest

from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"


async def test_a_retry_with_the_same_key_gets_the_first_answer(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    headers = {"Idempotency-Key": f'"{KEY}"'}
    first = await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    again = await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert await count_events() == 1


async def test_a_key_is_the_same_quoted_or_bare(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    for key in (KEY, f'"{KEY}"'):
        await client.post("/api/tasks", json={"title": "a"}, headers={"Idempotency-Key": key})
    assert await count_events() == 1


async def test_a_retried_deletion_is_answered_as_the_first(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    headers = {"Idempotency-Key": KEY}
    for _ in range(2):
        assert (await client.delete("/api/tasks/1", headers=headers)).status_code == 204


async def test_a_key_used_for_something_else_is_refused(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    headers = {"Idempotency-Key": KEY}
    await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    answer = await client.post("/api/tasks", json={"title": "b"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")
    assert await count_events() == 1


async def test_keys_of_different_people_are_different_keys(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient
) -> None:
    headers = {"Idempotency-Key": KEY}
    for person in (client, stranger):
        answer = await person.post("/api/tasks", json={"title": "a"}, headers=headers)
        assert "idempotency-replayed" not in answer.headers


async def test_of_many_racing_with_one_key_one_appends(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    answers: list[httpx2.Response] = []

    async def race() -> None:
        headers = {"Idempotency-Key": KEY}
        answers.append(await client.post("/api/tasks", json={"title": "a"}, headers=headers))

    async with anyio.create_task_group() as racers:
        for _ in range(10):
            racers.start_soon(race)
    assert {answer.json()["id"] for answer in answers} == {1}
    assert await count_events() == 1


@pytest.mark.parametrize("key", ["", '""', "a" * 256, "ü".encode(), b"a\tb"])
async def test_what_cannot_be_a_key_is_a_bad_request(
    client: httpx2.AsyncClient, count_events: CountEvents, key: str | bytes
) -> None:
    raw = key if isinstance(key, bytes) else key.encode()
    headers = [(b"Idempotency-Key", raw)]
    answer = await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-header")
    assert await count_events() == 0


async def test_a_retry_that_names_several_versions_is_still_the_same_request(
    client: httpx2.AsyncClient,
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    headers = {"If-Match": '"1", "2"', "Idempotency-Key": "k"}
    first = await client.patch("/api/tasks/1", json={"order": -0.0}, headers=headers)
    again = await client.patch("/api/tasks/1", json={"order": -0.0}, headers=headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == first.content


async def test_two_keys_in_one_request_are_a_bad_request(client: httpx2.AsyncClient) -> None:
    headers = [("Idempotency-Key", "one"), ("Idempotency-Key", "two")]
    answer = await client.post("/api/tasks", json={"title": "a"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-header")
