"""POST /api/tasks/batch: several commands in one request, as an offline client sends them."""

from typing import Any

import httpx2
import pytest
from hypothesis import given, settings, strategies as st

from api.rate import Rate
from events.ids import new_id
from tests.http.application import Running, running_on
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

PATH = "/api/tasks/batch"
CREATE = {"type": "create", "task": {"title": "a"}}


async def send(
    client: httpx2.AsyncClient, *commands: object, atomic: bool = False, **headers: str
) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(PATH, json={"commands": commands, "atomic": atomic}, headers=named)


def statuses(answer: httpx2.Response) -> list[int]:
    return [result["status"] for result in answer.json()["results"]]


async def test_commands_are_carried_out_in_order_and_temporary_ids_stand_for_new_tasks(
    client: httpx2.AsyncClient,
) -> None:
    answer = await send(
        client,
        {**CREATE, "temporary_id": "t"},
        {"type": "change", "id": "t", "changes": {"title": "b", "tags": ["x"]}},
        {"type": "replace", "id": "t", "task": {"title": "c"}},
        {"type": "complete", "id": "t"},
        {"type": "reopen", "id": 1},
        CREATE,
        {"type": "delete", "id": 2},
        {"type": "restore", "id": 2},
        {"type": "delete", "id": 2},
    )
    assert answer.status_code == 200
    assert answer.headers["taskfold-sequence"] == "11"
    document = answer.json()
    assert document["results"][:2] == [
        {"status": 201, "id": 1, "temporary_id": "t", "version": 1, "etag": '"1"'},
        {"status": 200, "id": 1, "temporary_id": "t", "version": 3, "etag": '"3"'},
    ]
    assert document["results"][4] == {"status": 200, "id": 1, "version": 7, "etag": '"7"'}
    assert statuses(answer) == [201, 200, 200, 200, 200, 201, 204, 200, 204]
    assert document["temporary_ids"] == {"t": 1}
    assert document["tasks"] == [(await client.get("/api/tasks/1")).json()]


async def test_a_refused_command_is_told_with_its_problem_and_the_present_version(
    client: httpx2.AsyncClient,
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    await client.patch("/api/tasks/1", json={"title": "b"})
    answer = await send(
        client,
        {"type": "change", "id": 1, "expected_version": 1, "changes": {"title": "c"}},
        {"type": "complete", "id": 9},
        {"type": "complete", "id": 1, "expected_version": 2},
    )
    conflict, unknown, done = answer.json()["results"]
    assert answer.status_code == 200
    assert (conflict["status"], conflict["version"], conflict["etag"]) == (412, 2, '"2"')
    assert conflict["problem"]["code"] == "version-mismatch"
    assert unknown["problem"] == {
        "type": "/api/problems/task-not-found",
        "title": "There is no such task",
        "status": 404,
        "detail": "Task 9 does not exist.",
        "code": "task-not-found",
    }
    assert done == {"status": 200, "id": 1, "version": 3, "etag": '"3"'}


async def test_of_an_atomic_batch_with_a_refused_command_nothing_is_carried_out(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    conflict = {"type": "complete", "id": 1, "expected_version": 4}
    answer = await send(client, CREATE, conflict, {"type": "delete", "id": 5}, atomic=True)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "batch-refused")
    assert [error["pointer"] for error in problem["errors"]] == ["#/commands/1", "#/commands/2"]
    assert [result["status"] for result in problem["results"]] == [424, 412, 404]
    assert problem["results"][1]["version"] == 1
    assert await count_events() == 1
    good = await send(client, CREATE, {"type": "delete", "id": 1}, atomic=True)
    assert (statuses(good), await count_events()) == ([201, 204], 3)


async def test_what_depends_on_a_refused_command_is_refused_too(
    client: httpx2.AsyncClient,
) -> None:
    await client.post("/api/tasks", json={"title": "a"}, headers={"Idempotency-Key": "k"})
    create = {"type": "create", "task": {"title": "b"}, "temporary_id": "t", "key": "k"}
    answer = await send(client, create, {"type": "complete", "id": "t"})
    refused, dependent = answer.json()["results"]
    assert (refused["status"], refused["problem"]["code"]) == (422, "idempotency-key-reused")
    assert (dependent["status"], dependent["problem"]["code"]) == (424, "failed-dependency")
    assert dependent["temporary_id"] == "t"
    assert answer.json()["temporary_ids"] == {}


async def test_a_retried_batch_is_answered_word_for_word_as_the_first(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    commands = ({**CREATE, "temporary_id": "t"}, {"type": "complete", "id": 7})
    first = await send(client, *commands, Idempotency_Key="k")
    await client.patch("/api/tasks/1", json={"title": "later"})
    again = await send(client, *commands, Idempotency_Key="k")
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["taskfold-sequence"] == first.headers["taskfold-sequence"]
    assert await count_events() == 2
    other = await send(client, *commands, atomic=True, Idempotency_Key="k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_a_queue_that_grew_since_its_answer_was_lost_is_carried_out_once(
    client: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    queue: list[dict[str, Any]] = [
        {**CREATE, "temporary_id": "t", "key": "k1"},
        {"type": "change", "id": "t", "changes": {"title": "b"}, "key": "k2"},
    ]
    await send(client, *queue)
    queue.append({"type": "complete", "id": "t", "key": "k3"})
    answer = await send(client, *queue)
    results = answer.json()["results"]
    assert [(each["version"], each.get("replayed", False)) for each in results] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert answer.json()["temporary_ids"] == {"t": 1}
    assert await count_events() == 3


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ({"type": "create", "task": {"title": ""}}, "#/commands/1/task/title"),
        ({"type": "create", "task": {"title": "a", "id": 1}}, "#/commands/1/task/id"),
        ({"type": "create", "task": 1}, "#/commands/1/task"),
        ({"type": "create"}, "#/commands/1/task"),
        ({"type": "change", "id": 1, "changes": {"a/b": 1}}, "#/commands/1/changes/a~1b"),
        ({"type": "toggle", "id": 1}, "#/commands/1/type"),
        ({"id": 1}, "#/commands/1/type"),
        (None, "#/commands/1"),
        ({"type": "complete", "id": 0}, "#/commands/1/id"),
        ({"type": "complete", "id": True}, "#/commands/1/id"),
        ({"type": "complete", "id": 2**63}, "#/commands/1/id"),
        ({"type": "complete", "id": "u"}, "#/commands/1/id"),
        ({"type": "complete", "id": 1, "expected_version": 0}, "#/commands/1/expected_version"),
        ({"type": "complete", "id": 1, "key": ""}, "#/commands/1/key"),
        ({"type": "complete", "id": 1, "key": "ü"}, "#/commands/1/key"),
        ({**CREATE, "temporary_id": "t"}, "#/commands/1/temporary_id"),
        ({**CREATE, "temporary_id": "\n"}, "#/commands/1/temporary_id"),
    ],
)
async def test_what_cannot_be_a_command_is_pointed_at_and_nothing_is_carried_out(
    client: httpx2.AsyncClient, count_events: CountEvents, command: object, place: str
) -> None:
    answer = await send(client, {**CREATE, "temporary_id": "t"}, command)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [place]
    assert await count_events() == 0


async def test_what_is_no_object_is_no_batch(client: httpx2.AsyncClient) -> None:
    answer = await client.post(PATH, json=[CREATE])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#")


@pytest.mark.parametrize("count", [0, 101])
async def test_a_batch_has_one_to_a_hundred_commands(
    client: httpx2.AsyncClient, count: int
) -> None:
    answer = await send(client, *[CREATE] * count)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/commands"]
    assert len((await send(client, *[CREATE] * 100)).json()["tasks"]) == 100


async def test_tasks_need_not_be_sent_back(client: httpx2.AsyncClient) -> None:
    answer = await send(client, CREATE, Prefer="return=minimal")
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "return=minimal"
    assert answer.json().keys() == {"results", "temporary_ids"}


async def test_another_persons_task_is_answered_like_one_that_does_not_exist(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient, count_events: CountEvents
) -> None:
    await send(client, CREATE, CREATE, {"type": "delete", "id": 2})
    for kind in ("complete", "delete", "restore"):
        answer = await send(
            stranger, *({"type": kind, "id": task_id, "expected_version": 1} for task_id in (1, 9))
        )
        theirs, nobodys = answer.json()["results"]
        assert (theirs["status"], answer.json()["tasks"]) == (404, [])
        assert str(theirs).replace("Task 1", "Task 9").replace("'id': 1", "'id': 9") == str(nobodys)
    assert await count_events() == 3


async def test_the_alias_does_the_same_for_its_own_user_alone(
    client: httpx2.AsyncClient, stranger: httpx2.AsyncClient, user_id: str
) -> None:
    path = f"/api/{user_id}/tasks/batch"
    answer = await client.post(path, json={"commands": [CREATE]})
    assert (answer.status_code, statuses(answer)) == (200, [201])
    assert "deprecation" in answer.headers
    assert (await stranger.post(path, json={"commands": [CREATE]})).status_code == 403


async def test_the_path_knows_no_other_method(client: httpx2.AsyncClient) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        answer = await client.request(method, PATH, json={"title": "a"})
        assert (answer.status_code, answer.headers["allow"]) == (405, "OPTIONS, POST")
    assert (await client.options(PATH)).headers["allow"] == "OPTIONS, POST"


async def test_each_command_counts_against_the_quota(database_url: str, user_id: str) -> None:
    async with (
        running_on(database_url, rate_limit_user=Rate(4, 3_600)) as application,
        application.client_of(user_id) as client,
    ):
        good = await send(client, CREATE, CREATE)
        refused = await send(client, CREATE, CREATE, CREATE)
        assert (await send(client, CREATE)).status_code == 200
    assert good.headers["ratelimit"] == '"user";r=2;t=3600'
    assert (refused.status_code, refused.json()["code"]) == (429, "quota-exceeded")
    assert refused.headers["ratelimit"] == '"user";r=1;t=3600'


async def test_a_batch_that_no_quota_can_hold_is_refused_for_good(
    database_url: str, user_id: str
) -> None:
    async with (
        running_on(database_url, rate_limit_user=Rate(3, 3_600)) as application,
        application.client_of(user_id) as client,
    ):
        refused = await send(client, *[CREATE] * 4)
        assert statuses(await send(client, CREATE, CREATE)) == [201, 201]
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (413, "batch-too-large")
    assert "retry-after" not in refused.headers
    assert problem["detail"] == (
        "The limit is 3/hour for each user, and 4 commands would never fit; send at most 3 at once."
    )


async def test_where_changes_must_be_conditional_those_of_known_tasks_must(
    database_url: str, user_id: str
) -> None:
    async with (
        running_on(database_url, require_if_match=True) as application,
        application.client_of(user_id) as client,
    ):
        new = ({**CREATE, "temporary_id": "t"}, {"type": "complete", "id": "t"})
        refused = await send(client, *new, {"type": "reopen", "id": 1})
        good = await send(client, *new, {"type": "reopen", "id": 1, "expected_version": 2})
    assert (refused.status_code, refused.json()["code"]) == (428, "precondition-required")
    assert refused.json()["errors"][0]["pointer"] == "#/commands/2/expected_version"
    assert statuses(good) == [201, 200, 200]


fields = st.fixed_dictionaries(
    {}, optional={"title": st.sampled_from("ab"), "completed": st.booleans()}
)
TYPES = ["create", "change", "complete", "reopen", "delete", "restore"]


@st.composite
def queues(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Commands as a client may queue them: some about tasks that the queue itself creates."""
    commands, started = list[dict[str, Any]](), list[str]()
    # Each only once: of two that expect the same, the second follows the first in a batch alone.
    versions = draw(st.permutations([1, 2, 3, 4]))
    for place in range(draw(st.integers(1, 7))):
        command: dict[str, Any] = {"type": draw(st.sampled_from(TYPES))}
        if command["type"] == "create":
            command |= {"task": {"title": draw(st.sampled_from("ab"))}, "temporary_id": f"t{place}"}
            started.append(f"t{place}")
        else:
            command["id"] = draw(st.sampled_from([1, 2, 3, *started]))
            command |= {"changes": draw(fields)} if command["type"] == "change" else {}
            if place < len(versions) and draw(st.booleans()):
                command["expected_version"] = versions[place]
        if draw(st.booleans()):
            command["key"] = draw(st.sampled_from(["k1", "k2"]))
        commands.append(command)
    return commands


async def send_alone(
    client: httpx2.AsyncClient, command: dict[str, Any], task_id: int
) -> httpx2.Response:
    headers = {"Idempotency-Key": command["key"]} if "key" in command else {}
    if "expected_version" in command:
        headers["If-Match"] = f'"{command["expected_version"]}"'
    path = f"/api/tasks/{task_id}"
    match command["type"]:
        case "create":
            return await client.post("/api/tasks", json=command["task"], headers=headers)
        case "change":
            return await client.patch(path, json=command["changes"], headers=headers)
        case "delete":
            return await client.delete(path, headers=headers)
        case verb:
            return await client.post(f"{path}/{verb}", headers=headers)


async def send_one_by_one(
    client: httpx2.AsyncClient, queue: list[dict[str, Any]]
) -> list[tuple[object, ...]]:
    """Send commands as a client that waits for each answer; tell what they come to."""
    told, started = list[tuple[object, ...]](), dict[object, int]()
    for command in queue:
        task_id: int | str = started.get(command.get("id"), command.get("id") or 0)
        if isinstance(task_id, str):
            told.append((424, "failed-dependency", None, False))
            continue
        answer = await send_alone(client, command, task_id)
        body: dict[str, Any] = answer.json() if answer.content else {}
        if answer.status_code == 201:
            started[command["temporary_id"]] = body["id"]
        told.append(
            (
                answer.status_code,
                body.get("code"),
                answer.headers.get("etag"),
                "idempotency-replayed" in answer.headers,
            )
        )
    return told


def summary(results: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """Tell the same of the results of a batch."""
    return [
        (
            each["status"],
            each.get("problem", {}).get("code"),
            # A deletion alone is answered without a tag.
            None if each["status"] == 204 else each.get("etag"),
            each.get("replayed", False),
        )
        for each in results
    ]


async def tasks_of(client: httpx2.AsyncClient) -> list[dict[str, Any]]:
    tasks = (await client.get("/api/tasks")).json()
    shown = ("id", "title", "completed", "order", "version")
    return [{name: task[name] for name in shown} for task in tasks]


async def head_of(client: httpx2.AsyncClient) -> str:
    return (await client.get("/api/tasks")).headers["etag"].partition("-")[0]


@settings(max_examples=max(settings().max_examples // 4, 10))
@given(queue=queues())
async def test_a_batch_is_what_its_commands_are_one_by_one_and_an_atomic_one_that_or_nothing(
    application: Running, queue: list[dict[str, Any]]
) -> None:
    async with (
        application.client_of(f"one-{new_id()}") as one,
        application.client_of(f"all-{new_id()}") as all_,
        application.client_of(f"atomic-{new_id()}") as atomic,
    ):
        for client in (one, all_, atomic):
            await send(client, CREATE, CREATE, {"type": "complete", "id": 1})
        expected = await send_one_by_one(one, queue)
        answer = await send(all_, *queue, Idempotency_Key="whole")
        assert summary(answer.json()["results"]) == expected
        assert await tasks_of(all_) == await tasks_of(one)
        head = await head_of(all_)
        assert head == await head_of(one)
        again = await send(all_, *queue, Idempotency_Key="whole")
        assert (again.content, await head_of(all_)) == (answer.content, head)

        before = await head_of(atomic)
        whole = await send(atomic, *queue, atomic=True, Idempotency_Key="whole")
        if all(result[1] is None for result in expected):
            assert summary(whole.json()["results"]) == expected
            assert await head_of(atomic) == head
        else:
            assert (whole.status_code, whole.json()["code"]) == (409, "batch-refused")
            assert await head_of(atomic) == before
