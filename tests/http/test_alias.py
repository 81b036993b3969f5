from datetime import date
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from api.app import create_app
from tests.http.application import ORIGIN, Running, running_on

pytestmark = pytest.mark.anyio


async def test_a_task_lives_under_the_name_of_its_user(
    client: httpx2.AsyncClient, user_id: str
) -> None:
    path = f"/api/{user_id}/tasks"
    created = await client.post(path, json={"title": "a"})
    assert created.status_code == 201
    assert created.json() == (await client.get("/api/tasks/1")).json()
    assert (await client.get(path)).json() == [created.json()]
    assert (await client.put(f"{path}/1", json={"title": "b"})).json()["title"] == "b"
    assert (await client.patch(f"{path}/1/complete")).json()["completed"] is True
    assert len((await client.get(f"{path}/1/history")).json()) == 3
    assert (await client.head(f"{path}/1")).status_code == 200
    assert (await client.delete(f"{path}/1")).status_code == 204


async def test_every_answer_says_that_the_path_is_deprecated_and_what_replaces_it(
    client: httpx2.AsyncClient, user_id: str
) -> None:
    for path in ("/tasks", "/tasks/1", "/tasks/1/nothing"):
        answer = await client.get(f"/api/{user_id}{path}", headers={"Origin": ORIGIN})
        assert answer.headers["deprecation"] == "@1795478400"
        assert f'</api{path}>; rel="successor-version"' in answer.headers["link"]
        assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "deprecation" not in (await client.get("/api/tasks")).headers


async def test_the_day_from_which_it_may_be_gone_is_told_if_there_is_one(
    database_url: str, client: httpx2.AsyncClient, user_id: str
) -> None:
    assert "sunset" not in (await client.get(f"/api/{user_id}/tasks")).headers
    async with (
        running_on(database_url, alias_sunset=date(2027, 6, 30)) as application,
        application.client_of(user_id) as other,
    ):
        answer = await other.get(f"/api/{user_id}/tasks", headers={"Origin": ORIGIN})
        assert "sunset" not in (await other.get("/api/tasks")).headers
    assert answer.headers["sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
    assert answer.headers["deprecation"] == "@1795478400"


async def test_the_link_to_the_next_page_stands_beside_it(
    client: httpx2.AsyncClient, user_id: str
) -> None:
    for title in "ab":
        await client.post("/api/tasks", json={"title": title})
    answer = await client.get(f"/api/{user_id}/tasks?limit=1")
    assert (await client.get(answer.links["next"]["url"])).json()[0]["id"] == 1
    assert answer.links["successor-version"]["url"] == "/api/tasks"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("POST", ""), ("GET", "/1"), ("DELETE", "/1"), ("PATCH", "/1/complete")],
)
async def test_the_name_of_anybody_else_is_refused(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient, user_id: str, method: str, path: str
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    for owner in (user_id, "nobody", user_id.upper(), f"{user_id} "):
        address = f"/api/{quote(owner)}/tasks{path}"
        answer = await stranger.request(method, address, json={"title": "b"})
        assert (answer.status_code, answer.json()["code"]) == (403, "user-mismatch")
        assert answer.json()["instance"] == address
    assert len((await client.get("/api/tasks")).json()) == 1


async def test_without_a_token_nobody_learns_whose_path_it_is(
    anonymous: httpx2.AsyncClient, user_id: str
) -> None:
    assert (await anonymous.get(f"/api/{user_id}/tasks")).status_code == 401


@pytest.mark.parametrize("user", ["a/b", "ü 1", "auth0|5f7", "a%2Fb"])
async def test_any_user_id_can_stand_in_the_path(application: Running, user: str) -> None:
    async with application.client_of(user) as client:
        answer = await client.get(f"/api/{quote(user, safe='')}/tasks")
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["tasks", "health", "problems", "activity", "metrics", "docs"])
async def test_what_stands_below_api_by_itself_is_nobodys_name(
    application: Running, name: str
) -> None:
    async with application.client_of(name) as client:
        answer = await client.get(f"/api/{name}/tasks")
    assert answer.status_code == 404
    assert "deprecation" not in answer.headers


async def test_the_canonical_path_is_told_as_clients_reach_it(
    database_url: str, user_id: str
) -> None:
    async with (
        running_on(database_url, public_url="https://todo.example.com/backend") as application,
        application.client_of(user_id) as client,
    ):
        answer = await client.get(f"/api/{user_id}/tasks/1")
    successor = answer.links["successor-version"]["url"]
    assert successor == "https://todo.example.com/backend/api/tasks/1"


async def test_a_method_that_is_not_known_there_is_told_with_those_that_are(
    client: httpx2.AsyncClient, user_id: str
) -> None:
    answer = await client.put(f"/api/{user_id}/tasks")
    assert (answer.status_code, answer.headers["allow"]) == (
        405,
        "DELETE, GET, HEAD, OPTIONS, POST",
    )


def test_the_document_has_every_path_of_tasks_twice_and_one_of_them_deprecated() -> None:
    paths: dict[str, Any] = create_app().openapi()["paths"]
    canonical = [path for path in paths if path.startswith("/api/tasks")]
    assert canonical
    for path in canonical:
        alias = paths[path.replace("/api/tasks", "/api/{user_id}/tasks")]
        assert alias.keys() == paths[path].keys()
        for operation in alias.values():
            assert operation["deprecated"] is True
            assert operation["parameters"][0]["name"] == "user_id"
            assert "403" in operation["responses"]
    ids = [each["operationId"] for methods in paths.values() for each in methods.values()]
    assert len(set(ids)) == len(ids)
