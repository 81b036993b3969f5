"""Any sequence of requests, retried and reordered, ends where the acknowledged ones say."""

from dataclasses import dataclass, field
from typing import Any

import anyio
import httpx2
import pytest
from hypothesis import given, strategies as st

from events.ids import new_id
from tests.http.application import Running

pytestmark = pytest.mark.anyio

TITLES = ["a", "b", "c"]
FIELDS = {
    "title": st.sampled_from(TITLES),
    "description": st.sampled_from(["", "d"]),
    "order": st.sampled_from([1.0, 2.5]),
    "priority": st.sampled_from(["none", "high"]),
    "tags": st.sampled_from([[], ["x"], ["x", "y"]]),
    "due": st.sampled_from([None, "2026-12-24", "2026-12-24T17:00:00+01:00[Europe/Vienna]"]),
    "completed": st.booleans(),
}
DEFAULTS: dict[str, Any] = {
    "description": "",
    "priority": "none",
    "tags": [],
    "due": None,
    "completed": False,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and the key under which its client may repeat it."""

    method: str
    path: str
    body: dict[str, Any] | None
    key: str | None


@dataclass(slots=True)
class Model:
    """One person's tasks as the acknowledged requests describe them."""

    tasks: dict[int, dict[str, Any]] = field(default_factory=dict[int, dict[str, Any]])
    deleted: set[int] = field(default_factory=set[int])

    def take(self, asked: Asked, answer: httpx2.Response) -> None:
        """Take note of what a request was answered when it was carried out."""
        if asked.path == "/api/tasks" and asked.method == "POST":
            task = answer.json()
            self.tasks[task["id"]] = {
                **DEFAULTS,
                "order": float(task["id"]),
                **(asked.body or {}),
            }
        elif asked.method == "DELETE" and "?" in asked.path:
            gone = {each for each in self.listed() if self.tasks[each]["completed"]}
            assert answer.json() == {"deleted": len(gone)}
            self.deleted |= gone
        else:
            self._change(asked)

    def listed(self) -> set[int]:
        """The tasks that are not deleted."""
        return self.tasks.keys() - self.deleted

    def _change(self, asked: Asked) -> None:
        _, _, _, number, *verb = asked.path.split("/")
        task = self.tasks[int(number)]
        match asked.method, verb:
            case "PATCH", _:
                task |= asked.body or {}
            case "PUT", _:
                task |= {**DEFAULTS, "order": float(number), **(asked.body or {})}
            case "DELETE", _:
                self.deleted.add(int(number))
            case _, ["restore"]:
                self.deleted.discard(int(number))
            case _:
                task["completed"] = verb == ["complete"]


numbers = st.integers(1, 3)
keys = st.none() | st.sampled_from(["k1", "k2", "k3"])
bodies = st.fixed_dictionaries({}, optional=FIELDS)
whole = st.fixed_dictionaries(
    {"title": FIELDS["title"]}, optional={k: v for k, v in FIELDS.items() if k != "title"}
)
a_task = numbers.map("/api/tasks/{}".format)
verbs = st.builds(
    "/api/tasks/{}/{}".format, numbers, st.sampled_from(["complete", "reopen", "restore"])
)
requests = st.one_of(
    st.builds(Asked, st.just("POST"), st.just("/api/tasks"), whole, keys),
    st.builds(Asked, st.just("PATCH"), a_task, bodies, keys),
    st.builds(Asked, st.just("PUT"), a_task, whole, keys),
    st.builds(Asked, st.just("DELETE"), a_task, st.none(), keys),
    st.builds(Asked, st.just("POST"), verbs, st.none(), keys),
    st.builds(Asked, st.just("DELETE"), st.just("/api/tasks?status=done"), st.none(), keys),
)


@st.composite
def sequences(draw: st.DrawFn) -> list[list[Asked]]:
    """Requests as a network delivers them: some again, some at once, in any order."""
    asked = draw(st.lists(requests, min_size=1, max_size=8))
    again = draw(st.lists(st.sampled_from([each for each in asked if each.key] or asked[:1])))
    arriving = draw(st.permutations([*asked, *(each for each in again if each.key)]))
    groups: list[list[Asked]] = []
    for each in arriving:
        if groups and draw(st.booleans()):
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


async def send(client: httpx2.AsyncClient, asked: Asked) -> httpx2.Response:
    headers = {} if asked.key is None else {"Idempotency-Key": asked.key}
    return await client.request(asked.method, asked.path, json=asked.body, headers=headers)


async def at_once(
    client: httpx2.AsyncClient, group: list[Asked]
) -> list[tuple[Asked, httpx2.Response]]:
    """Send requests at the same time."""
    answers: list[tuple[Asked, httpx2.Response]] = []

    async def one(asked: Asked) -> None:
        answers.append((asked, await send(client, asked)))

    async with anyio.create_task_group() as sending:
        for asked in group:
            sending.start_soon(one, asked)
    return answers


def carried_out(
    answers: list[tuple[Asked, httpx2.Response]],
) -> list[tuple[Asked, httpx2.Response]]:
    """The acknowledged requests, in the order in which the log has them, without replays."""
    done = [
        (asked, answer)
        for asked, answer in answers
        if answer.is_success and "idempotency-replayed" not in answer.headers
    ]
    # What changes nothing stands where the change before it does, perhaps its task's creation.
    return sorted(
        done,
        key=lambda each: (int(each[1].headers["taskfold-sequence"]), each[1].status_code != 201),
    )


@given(sequence=sequences())
async def test_any_sequence_ends_where_the_acknowledged_requests_say(
    application: Running, sequence: list[list[Asked]]
) -> None:
    model, first = Model(), dict[str, tuple[Asked, int, bytes]]()
    async with application.client_of(f"user-{new_id()}") as client:
        for group in sequence:
            # What empties the list reads it first, so what it finds depends on who was sooner.
            together = all("?" not in asked.path for asked in group)
            for sent in [group] if together else [[asked] for asked in group]:
                answers = await at_once(client, sent)
                for asked, answer in carried_out(answers):
                    model.take(asked, answer)
                for asked, answer in answers:
                    assert answer.status_code < 500
                    if asked.key and answer.is_success:
                        known = first.setdefault(
                            asked.key, (asked, answer.status_code, answer.content)
                        )
                        assert known == (asked, answer.status_code, answer.content)
        found = {task["id"]: task for task in (await client.get("/api/tasks?limit=200")).json()}
        assert found.keys() == model.listed()
        for number, task in found.items():
            wanted = model.tasks[number]
            assert {name: task[name] for name in wanted} == wanted
