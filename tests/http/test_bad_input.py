import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from api.http.body import SIZE_LIMIT
from tests.http.conftest import CountEvents

pytestmark = pytest.mark.anyio

JSON = {"Content-Type": "application/json"}

WRONG_FIELDS = {
    "no title": ("{}", "#/title"),
    "null title": ('{"title": null}', "#/title"),
    "empty title": ('{"title": ""}', "#/title"),
    "blank title": ('{"title": " \\t\\n\\u2003"}', "#/title"),
    "invisible title": ('{"title": "\\u200b\\u2060"}', "#/title"),
    "201 characters": (json.dumps({"title": "a" * 201}), "#/title"),
    "number as title": ('{"title": 7}', "#/title"),
    "list as title": ('{"title": ["a"]}', "#/title"),
    "NUL in title": ('{"title": "a\\u0000b"}', "#/title"),
    "line break in title": ('{"title": "a\\nb"}', "#/title"),
    "escape in title": ('{"title": "a\\u001b[2J"}', "#/title"),
    "C1 control in title": ('{"title": "a\\u0085b"}', "#/title"),
    "half a pair in title": ('{"title": "a\\ud83d"}', "#/title"),
    "other half in title": ('{"title": "\\ude00 a"}', "#/title"),
    "NUL in description": ('{"title": "a", "description": "\\u0000"}', "#/description"),
    "bell in description": ('{"title": "a", "description": "\\u0007"}', "#/description"),
    "half a pair in description": ('{"title": "a", "description": "\\udfff"}', "#/description"),
    "10,001 characters": (
        json.dumps({"title": "a", "description": "a" * 10_001}),
        "#/description",
    ),
    "null description": ('{"title": "a", "description": null}', "#/description"),
    "object as description": ('{"title": "a", "description": {}}', "#/description"),
    "text as order": ('{"title": "a", "order": "1"}', "#/order"),
    "true as order": ('{"title": "a", "order": true}', "#/order"),
    "null order": ('{"title": "a", "order": null}', "#/order"),
    "order beyond floats": ('{"title": "a", "order": 1e999}', "#/order"),
    "order far beyond floats": (f'{{"title": "a", "order": 1{"0" * 400}}}', "#/order"),
    "order too large": ('{"title": "a", "order": 1.1e15}', "#/order"),
    "order too small": ('{"title": "a", "order": -1e16}', "#/order"),
    "number as priority": ('{"title": "a", "priority": 1}', "#/priority"),
    "unknown priority": ('{"title": "a", "priority": "urgent"}', "#/priority"),
    "text as tags": ('{"title": "a", "tags": "home"}', "#/tags"),
    "number as tag": ('{"title": "a", "tags": ["b", 1]}', "#/tags/1"),
    "blank tag": ('{"title": "a", "tags": [" "]}', "#/tags/0"),
    "invisible tag": ('{"title": "a", "tags": ["\\u200b"]}', "#/tags/0"),
    "line break in tag": ('{"title": "a", "tags": ["b\\nc"]}', "#/tags/0"),
    "tag of 51 characters": (json.dumps({"title": "a", "tags": ["b" * 51]}), "#/tags/0"),
    "tag that grows to 51 characters": (
        json.dumps({"title": "a", "tags": ["\u0130" + "b" * 49]}),
        "#/tags/0",
    ),
    "21 tags": (json.dumps({"title": "a", "tags": list(map(str, range(21)))}), "#/tags"),
    "half a pair in tag": ('{"title": "a", "tags": ["\\ud83d"]}', "#/tags/0"),
    "number as due": ('{"title": "a", "due": 20261224}', "#/due"),
    "empty due": ('{"title": "a", "due": ""}', "#/due"),
    "unknown field": ('{"title": "a", "priority_": 1}', "#/priority_"),
    "unknown field with odd characters": ('{"title": "a", "a/b~c d": 1}', "#/a~1b~0c%20d"),
    "unknown field with an empty name": ('{"title": "a", "": 1}', "#/"),
    "read-only id": ('{"title": "a", "id": 1}', "#/id"),
    "read-only url": ('{"title": "a", "url": ""}', "#/url"),
    "read-only version": ('{"title": "a", "version": 1}', "#/version"),
    "read-only user": ('{"title": "a", "user_id": "eve"}', "#/user_id"),
    "read-only creation": ('{"title": "a", "created_at": null}', "#/created_at"),
    "read-only update": ('{"title": "a", "updated_at": null}', "#/updated_at"),
    "read-only completion": ('{"title": "a", "completed_at": null}', "#/completed_at"),
    "a list": ('[{"title": "a"}]', "#"),
    "a string": ('"title"', "#"),
    "null": ("null", "#"),
    "a number": ("1", "#"),
}


@pytest.mark.parametrize(("body", "pointer"), WRONG_FIELDS.values(), ids=WRONG_FIELDS.keys())
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_body_is_refused_by_the_name_of_the_field(
    client: httpx2.AsyncClient,
    count_events: CountEvents,
    method: str,
    body: str,
    pointer: str,
) -> None:
    path = "/api/tasks" if method == "POST" else "/api/tasks/1"
    answer = await client.request(method, path, content=body, headers=JSON)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid-request"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await count_events() == 0


PATCHES = {
    "null title": ('{"title": null}', "#/title"),
    "null order": ('{"order": null}', "#/order"),
    "null completed": ('{"completed": null}', "#/completed"),
    "text as completed": ('{"completed": "yes"}', "#/completed"),
    "number as completed": ('{"completed": 1}', "#/completed"),
    "blank title": ('{"title": " "}', "#/title"),
    "unknown field": ('{"titel": "a"}', "#/titel"),
    "read-only field": ('{"version": 3}', "#/version"),
    "one good, one bad": ('{"title": "b", "completed": 0}', "#/completed"),
}


@pytest.mark.parametrize(("body", "pointer"), PATCHES.values(), ids=PATCHES.keys())
async def test_a_patch_is_refused_whole_by_the_name_of_the_field(
    client: httpx2.AsyncClient, count_events: CountEvents, body: str, pointer: str
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    answer = await client.patch("/api/tasks/1", content=body, headers=JSON)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await count_events() == 1


async def test_every_fault_is_told_at_once(client: httpx2.AsyncClient) -> None:
    body = {"title": "", "description": 1, "order": "x", "unknown": 1}
    answer = await client.post("/api/tasks", json=body)
    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["#/title", "#/description", "#/order", "#/unknown"]


async def test_thousands_of_faults_do_not_make_a_long_answer(client: httpx2.AsyncClient) -> None:
    body = {"x" * 1_000 + str(number): 1 for number in range(900)}
    answer = await client.post("/api/tasks", json=body)
    assert answer.status_code == 422
    assert len(answer.content) < 25_000


MALFORMED = {
    "nothing": b"",
    "a word": b"title",
    "an open object": b'{"title": "a"',
    "single quotes": b"{'title': 'a'}",
    "a trailing comma": b'{"title": "a",}',
    "two documents": b'{"title": "a"}{"title": "b"}',
    "a raw line break in a string": b'{"title": "a\nb"}',
    "a raw NUL": b'{"title": "a\x00b"}',
    "NaN": b'{"title": "a", "order": NaN}',
    "Infinity": b'{"title": "a", "order": -Infinity}',
    "a number of 5,000 digits": b'{"title": "a", "order": ' + b"9" * 5_000 + b"}",
    "the same name twice": b'{"title": "a", "title": "b"}',
    "the same name twice, escaped": b'{"title": "a", "t\\u0069tle": "b"}',
    "the same name twice, deeper": b'{"title": "a", "x": [{"y": 1, "y": 1}]}',
    "half a pair in a name": b'{"title": "a", "\\ud800": 1}',
    "Latin-1": '{"title": "é"}'.encode("latin-1"),
    "UTF-16": '{"title": "a"}'.encode("utf-16"),
    "33 levels": b'{"title": ' + b"[" * 33 + b"]" * 33 + b"}",
    "100,000 levels": b"[" * 100_000,
    "form fields": b"title=a",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_body_that_is_no_unambiguous_json_is_a_bad_request(
    client: httpx2.AsyncClient, count_events: CountEvents, body: bytes
) -> None:
    answer = await client.post("/api/tasks", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")
    assert await count_events() == 0


async def test_a_byte_order_mark_is_overlooked(client: httpx2.AsyncClient) -> None:
    body = '\ufeff{"title": "a"}'.encode()
    assert (await client.post("/api/tasks", content=body, headers=JSON)).status_code == 201


UNREAD = {
    "no type": {},
    "text": {"Content-Type": "text/plain"},
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "a type with json in its name": {"Content-Type": "application/vnd.api+json"},
    "a patch where none is read": {"Content-Type": "application/merge-patch+json"},
    "another charset": {"Content-Type": "application/json; charset=latin-1"},
    "nonsense": {"Content-Type": "json"},
    "gzip": {"Content-Type": "application/json", "Content-Encoding": "gzip"},
}


@pytest.mark.parametrize("headers", UNREAD.values(), ids=UNREAD.keys())
async def test_a_body_of_another_type_is_not_read(
    client: httpx2.AsyncClient, count_events: CountEvents, headers: dict[str, str]
) -> None:
    answer = await client.post("/api/tasks", content=b'{"title": "a"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert await count_events() == 0


async def test_an_unread_type_is_answered_with_those_that_are(client: httpx2.AsyncClient) -> None:
    text = {"Content-Type": "text/plain"}
    put = await client.put("/api/tasks/1", content=b"{}", headers=text)
    patch = await client.patch("/api/tasks/1", content=b"{}", headers=text)
    assert put.headers["accept"] == "application/json"
    assert patch.headers["accept-patch"] == "application/merge-patch+json, application/json"


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", 'application/json; charset="UTF-8"'],
)
async def test_json_is_read_however_its_type_is_spelt(
    client: httpx2.AsyncClient, content_type: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = await client.post("/api/tasks", content=b'{"title": "a"}', headers=headers)
    assert answer.status_code == 201


async def test_a_body_of_just_1_mib_is_read(client: httpx2.AsyncClient) -> None:
    body = b'{"title": "a"}'
    answer = await client.post("/api/tasks", content=body.ljust(SIZE_LIMIT), headers=JSON)
    assert answer.status_code == 201


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in chunks"])
async def test_a_body_over_1_mib_is_refused(
    client: httpx2.AsyncClient, count_events: CountEvents, *, announced: bool
) -> None:
    body = b'{"title": "a"}'.ljust(SIZE_LIMIT + 1)

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    content = body if announced else chunks()
    answer = await client.post("/api/tasks", content=content, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert await count_events() == 0


@pytest.mark.parametrize(
    "task_id",
    ["0", "-1", "+1", "01", "1.0", "abc", "null", "%20", "1%20", "٣", str(2**63), "9" * 5_000],
    ids=range(12),
)
async def test_what_cannot_be_a_task_id_names_no_task(
    client: httpx2.AsyncClient, task_id: str
) -> None:
    await client.post("/api/tasks", json={"title": "a"})
    for method in ("GET", "DELETE"):
        answer = await client.request(method, f"/api/tasks/{task_id}")
        assert (answer.status_code, answer.json()["code"]) == (404, "task-not-found")


@pytest.mark.parametrize("task_id", [2, 2**31, 2**63 - 1])
async def test_an_unknown_task_is_not_found(client: httpx2.AsyncClient, task_id: int) -> None:
    for method, verb in (("GET", ""), ("DELETE", ""), ("POST", "/complete"), ("POST", "/restore")):
        answer = await client.request(method, f"/api/tasks/{task_id}{verb}")
        assert (answer.status_code, answer.json()["code"]) == (404, "task-not-found")
