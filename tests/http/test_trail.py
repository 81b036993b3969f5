import csv
import io
import json
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import given

from api.http.csv_lines import COLUMNS, csv_lines
from api.http.event_view import EXAMPLE, FieldChange, TrailEvent
from tests.http.application import Running, running_on
from tests.strategies import texts

pytestmark = pytest.mark.anyio

TRAIL = "/api/events"
TIMES = ("2999-01-01T00:00:00Z", "1999-01-01T00:00:00Z")


@pytest.fixture
async def busy(client: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """Somebody who did seven things to three tasks."""
    for title in ("Tea", "Milk", "Bread"):
        await client.post("/api/tasks", json={"title": title})
    await client.patch("/api/tasks/2", json={"title": "Oat milk", "tags": ["shop"]})
    await client.post("/api/tasks/1/complete")
    await client.delete("/api/tasks/2")
    return client


async def sequences(client: httpx2.AsyncClient, query: str) -> list[int]:
    answer = await client.get(f"{TRAIL}?{query}")
    assert answer.status_code == 200, answer.text
    return [event["sequence"] for event in answer.json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [7, 6, 5, 4, 3, 2, 1]),
        ("order=newest", [7, 6, 5, 4, 3, 2, 1]),
        ("order=oldest", [1, 2, 3, 4, 5, 6, 7]),
        ("task=2", [7, 5, 4, 2]),
        ("task=2&order=oldest", [2, 4, 5, 7]),
        ("task=9", []),
        ("type=TaskCompleted", [6]),
        ("type=TaskCompleted&type=TaskDeleted", [7, 6]),
        ("type=TaskCreated&task=2", [2]),
        ("actor=nobody", []),
        (f"since={TIMES[0]}", []),
        (f"since={TIMES[1]}&until={TIMES[0]}", [7, 6, 5, 4, 3, 2, 1]),
        (f"until={TIMES[1]}&task=2", []),
    ],
)
async def test_a_trail_holds_what_was_asked_for(
    busy: httpx2.AsyncClient, query: str, found: list[int]
) -> None:
    assert await sequences(busy, query) == found


async def test_an_actor_is_the_one_who_did_it(busy: httpx2.AsyncClient, user_id: str) -> None:
    assert await sequences(busy, f"actor={quote(user_id)}") == [7, 6, 5, 4, 3, 2, 1]


async def test_times_that_meet_part_a_trail(busy: httpx2.AsyncClient) -> None:
    events = (await busy.get(f"{TRAIL}?order=oldest")).json()
    for event in events:
        at = quote(event["at"])
        before = await sequences(busy, f"until={at}&order=oldest")
        after = await sequences(busy, f"since={at}&order=oldest")
        assert before + after == [1, 2, 3, 4, 5, 6, 7]
        assert event["sequence"] in after
    last = datetime.fromisoformat(events[-1]["at"]) + timedelta(microseconds=1)
    assert await sequences(busy, f"since={quote(last.isoformat())}") == []


async def test_what_is_deleted_stays_in_the_trail_with_what_it_was(
    busy: httpx2.AsyncClient,
) -> None:
    answer = await busy.get(f"{TRAIL}?task=2")
    assert [
        [(change["field"], change["before"], change["after"]) for change in event["changes"]]
        for event in answer.json()
    ] == [
        [("deleted", False, True)],
        [("tags", [], ["shop"])],
        [("title", "Milk", "Oat milk")],
        [("title", None, "Milk")],
    ]
    assert answer.json() == (await busy.get("/api/tasks/2/history")).json()


@pytest.mark.parametrize("query", ["", "type=TaskCreated", "task=2", "task=2&type=TaskRenamed"])
@pytest.mark.parametrize("order", ["newest", "oldest"])
async def test_following_the_links_gives_everything_once(
    busy: httpx2.AsyncClient, query: str, order: str
) -> None:
    seen = list[int]()
    address = f"{TRAIL}?{query}&order={order}&limit=1"
    while address:
        answer = await busy.get(address)
        seen += [event["sequence"] for event in answer.json()]
        address = answer.links.get("next", {}).get("url", "")
    assert seen == await sequences(busy, f"{query}&order={order}")


async def test_a_history_takes_the_same_filters_but_for_the_task(
    busy: httpx2.AsyncClient,
) -> None:
    answer = await busy.get("/api/tasks/2/history?type=TaskRenamed&type=TaskRetagged")
    assert [event["version"] for event in answer.json()] == [3, 2]
    refused = await busy.get("/api/tasks/2/history?task=1")
    assert refused.json()["errors"][0]["parameter"] == "task"


@pytest.mark.parametrize(
    "query",
    [
        "type=TaskEaten", "type=", "task=0", "task=x", f"task={2**63}", "since=yesterday",
        "until=2026-11-22", "order=random", "limit=0", "actor=" + "a" * 256, "colour=red",
        "&".join(["type=TaskCreated"] * 21),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_by_name(
    client: httpx2.AsyncClient, query: str
) -> None:
    answer = await client.get(f"{TRAIL}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")
    [error] = answer.json()["errors"]
    assert error["parameter"].partition(".")[0] == query.partition("=")[0]


async def test_another_person_has_a_trail_of_their_own(
    busy: httpx2.AsyncClient, stranger: httpx2.AsyncClient, user_id: str
) -> None:
    del busy
    for query in ("", "task=1", f"actor={quote(user_id)}", "type=TaskCreated"):
        answer = await stranger.get(f"{TRAIL}?{query}")
        assert (answer.status_code, answer.text) == (200, "[]")


async def test_an_auditor_reads_what_the_owner_reads(
    application: Running, busy: httpx2.AsyncClient, user_id: str
) -> None:
    async with application.client_of("grace", role="auditor") as auditor:
        for query in ("", "order=oldest", "task=2&type=TaskDeleted", f"since={TIMES[0]}"):
            for form in ("application/json", "text/csv", "application/jsonl"):
                accept = {"Accept": form}
                theirs = await auditor.get(
                    f"/api/admin/users/{user_id}/events?{query}", headers=accept
                )
                own = await busy.get(f"{TRAIL}?{query}", headers=accept)
                assert (theirs.status_code, theirs.text) == (200, own.text)
                assert theirs.headers["content-type"] == own.headers["content-type"]


@pytest.mark.parametrize(
    ("keep", "known"),
    [
        ("none", {}),
        ("agent", {"client": "a/1"}),
        ("both", {"client": "a/1", "address": "127.0.0.1"}),
    ],
)
async def test_where_a_change_came_from_is_kept_as_configured(
    database_url: str, user_id: str, keep: str, known: dict[str, str]
) -> None:
    async with (
        running_on(database_url, keep_client=keep) as application,
        application.client_of(user_id) as client,
    ):
        headers = {"User-Agent": "a/1", "X-Forwarded-For": "192.0.2.7"}
        await client.post("/api/tasks", json={"title": "a"}, headers=headers)
        [event] = (await client.get(TRAIL)).json()
    assert {name: event[name] for name in ("client", "address") if name in event} == known


@pytest.mark.parametrize("form", ["application/jsonl", "application/x-ndjson"])
async def test_json_lines_hold_an_event_each(busy: httpx2.AsyncClient, form: str) -> None:
    answer = await busy.get(f"{TRAIL}?limit=3", headers={"Accept": form})
    assert answer.headers["content-type"].partition(";")[0] == form
    assert "Accept" in answer.headers["vary"].split(", ")
    plain = await busy.get(f"{TRAIL}?limit=3")
    assert [json.loads(line) for line in answer.text.splitlines()] == plain.json()
    assert answer.links["next"]["url"] == plain.links["next"]["url"]
    assert answer.headers["etag"] != plain.headers["etag"]
    known = {"Accept": form, "If-None-Match": answer.headers["etag"]}
    assert (await busy.get(f"{TRAIL}?limit=3", headers=known)).status_code == 304


async def test_csv_has_a_line_for_each_field_that_changed(busy: httpx2.AsyncClient) -> None:
    answer = await busy.get(f"{TRAIL}?task=2&order=oldest", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    header, *lines = csv.reader(io.StringIO(answer.text, newline=""))
    assert tuple(header) == COLUMNS
    told = [dict(zip(header, line, strict=True)) for line in lines]
    assert [(each["version"], each["field"], each["before"], each["after"]) for each in told] == [
        ("1", "title", "", "Milk"),
        ("2", "title", "Milk", "Oat milk"),
        ("3", "tags", "[]", '["shop"]'),
        ("4", "deleted", "false", "true"),
    ]
    assert answer.text.count("\r\n") == 5


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("*/*", "application/json"),
        ("text/*", "text/csv"),
        ("text/csv, application/json", "application/json"),
        ("text/csv, application/json;q=0.9", "text/csv"),
        ("application/jsonl, */*;q=0.1", "application/jsonl"),
    ],
)
async def test_the_form_is_the_one_the_client_likes_best(
    busy: httpx2.AsyncClient, accept: str, form: str
) -> None:
    answer = await busy.get(TRAIL, headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == form


async def test_a_form_that_there_is_not_is_refused_with_those_there_are(
    busy: httpx2.AsyncClient,
) -> None:
    answer = await busy.get(TRAIL, headers={"Accept": "application/xml"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
    assert "text/csv" in answer.json()["detail"]


def told(before: str, after: str) -> list[dict[str, str]]:
    """A change of a title, out of CSV."""
    event = TrailEvent.model_validate(EXAMPLE)
    event.changes = [FieldChange(field="title", before=before, after=after)]
    return list(csv.DictReader(io.StringIO(csv_lines([event]), newline="")))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n@x",
            "  =1",
            "\uff1d1",
            "\uff20x",
            "'=1",
        ),
        *(
            "\u200b=1",
            "\ufeff+1",
            "\u2060\u200d-1",
            "\u202e@x",
            " \u00ad\ufe0f=1",
            "\u3164=1",
            "\x00=1",
        ),
    ],
)
def test_no_text_becomes_a_formula(text: str) -> None:
    [line] = told(text, f"a;{text}")
    assert line["before"] == f"'{text}"
    assert f'"a;{text}"' in csv_lines([_titled(f"a;{text}")])


def _titled(title: str) -> TrailEvent:
    event = TrailEvent.model_validate(EXAMPLE)
    event.changes = [FieldChange(field="title", before=None, after=title)]
    return event


@given(texts, texts)
def test_every_text_comes_out_of_csv_as_it_went_in(before: str, after: str) -> None:
    [line] = told(before, after)
    for written, text in ((line["before"], before), (line["after"], after)):
        assert (written.removeprefix("'")) == text
        assert not written.startswith(("=", "+", "-", "@"))


def test_csv_tells_which_event_was_taken_back() -> None:
    undone = TrailEvent.model_validate({**EXAMPLE, "undoes": 28})
    lines = csv.DictReader(io.StringIO(csv_lines([undone, _titled("a")]), newline=""))
    assert [line["undoes"] for line in lines] == ["28", ""]


def test_an_event_of_which_no_change_is_known_has_a_line_too() -> None:
    event = TrailEvent.model_validate({**EXAMPLE, "changes": []})
    [line] = csv.DictReader(io.StringIO(csv_lines([event]), newline=""))
    assert (line["sequence"], line["type"], line["field"]) == ("31", "TaskRenamed", "")
