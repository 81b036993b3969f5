import anyio
import httpx2
import pytest

from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio


async def at_version_2(client: httpx2.AsyncClient) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    await client.post("/api/tasks/1/complete")


async def rename(client: httpx2.AsyncClient, if_match: str) -> httpx2.Response:
    return await client.patch("/api/tasks/1", json={"title": "b"}, headers={"If-Match": if_match})


@pytest.mark.parametrize("if_match", ['"2"', "*", '"1", "2"', '"1","x" ,  "2"', 'W/"2", "2"'])
async def test_a_change_goes_through_when_the_present_tag_is_named(
    client: httpx2.AsyncClient, if_match: str
) -> None:
    await at_version_2(client)
    answer = await rename(client, if_match)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"3"')


@pytest.mark.parametrize(
    "if_match",
    ['"1"', '"3"', 'W/"2"', '"1", "3"', '"02"', '"x"', '""', '"2,"', '"' + "9" * 40 + '"'],
)
async def test_a_change_is_refused_when_the_present_tag_is_not_named(
    client: httpx2.AsyncClient, count_events: CountEvents, if_match: str
) -> None:
    await at_version_2(client)
    answer = await rename(client, if_match)
    assert (answer.status_code, answer.json()["code"]) == (412, "version-mismatch")
    assert answer.headers["etag"] == '"2"'
    assert await count_events() == 2


@pytest.mark.parametrize("if_match", ["2", "", "'2'", '"2', '"2" "3"', '*, "2"', "W/2", '"2";'])
async def test_something_else_than_tags_is_a_bad_request(
    client: httpx2.AsyncClient, count_events: CountEvents, if_match: str
) -> None:
    await at_version_2(client)
    answer = await rename(client, if_match)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-header")
    assert await count_events() == 2


async def test_tags_in_several_headers_are_one_list(client: httpx2.AsyncClient) -> None:
    await at_version_2(client)
    headers = [("If-Match", '"7"'), ("If-Match", '"2"')]
    assert (await client.delete("/api/tasks/1", headers=headers)).status_code == 204


@pytest.mark.parametrize("if_match", ["*", '"1"', '"1", "2"', 'W/"1"'])
async def test_a_task_that_does_not_exist_is_not_found_whatever_is_expected(
    client: httpx2.AsyncClient, if_match: str
) -> None:
    answer = await rename(client, if_match)
    assert (answer.status_code, answer.json()["code"]) == (404, "task-not-found")


@pytest.mark.parametrize(
    ("method", "verb"),
    [
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "/complete"),
        ("POST", "/reopen"),
        ("POST", "/restore"),
        ("POST", "/undo"),
    ],
)
async def test_every_way_of_changing_a_task_can_be_conditional(
    client: httpx2.AsyncClient, method: str, verb: str
) -> None:
    await at_version_2(client)
    body = {"title": "b"} if method == "PUT" else None
    stale = {"If-Match": '"1"'}
    answer = await client.request(method, f"/api/tasks/1{verb}", json=body, headers=stale)
    assert answer.status_code == 412


async def test_of_many_who_saw_the_same_version_one_gets_through(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    statuses: list[int] = []

    async def race(number: int) -> None:
        body = {"title": f"racer {number}"}
        answer = await client.patch("/api/tasks/1", json=body, headers={"If-Match": '"1"'})
        statuses.append(answer.status_code)

    async with anyio.create_task_group() as racers:
        for number in range(10):
            racers.start_soon(race, number)
    assert sorted(statuses) == [200] + [412] * 9
    assert await count_events() == 2
