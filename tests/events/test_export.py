import hashlib
import json
import re
from typing import Any

import pytest
import rfc8785

from commands.handler import CommandHandler
from commands.tasks import CompleteTask, CreateTask, EditTask, TaskCommand
from events.database import Pool
from events.export import Exported, export
from tests.people import asking

pytestmark = pytest.mark.anyio

LIFE: list[TaskCommand] = [
    CreateTask(title='Buy "milk"\n', description="ü 🥛 \u2028", order=0.1),
    CompleteTask(task_id=1),
    EditTask(task_id=1, order=1e-9),
    EditTask(task_id=1, order=-1e15),
]


async def parts_of(pool: Pool, user_id: str | None = None, *, page: int = 3) -> list[Exported]:
    return [part async for part in export(pool, user_id, page=page)]


async def live(handler: CommandHandler, user_id: str) -> None:
    for command in LIFE:
        await handler.handle(asking(user_id), command)


def parsed(parts: list[Exported]) -> list[dict[str, Any]]:
    return [json.loads(line) for part in parts for line in part.lines.splitlines()]


async def test_every_line_is_a_cloud_event(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    await live(handler, user_id)
    for line in parsed(await parts_of(pool, user_id)):
        attributes = {name: value for name, value in line.items() if name != "data"}
        assert {"specversion", "id", "source", "type"} <= attributes.keys()
        assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in attributes)
        assert all(
            isinstance(value, str) or (isinstance(value, int) and value < 2**31)
            for value in attributes.values()
        )


async def test_an_event_is_exported_whole(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    await live(handler, user_id)
    line = parsed(await parts_of(pool, user_id))[1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line.pop("time"))
    assert [len(line.pop(name)) for name in ("digest", "chain")] == [64, 64]
    assert int(line.pop("position")) > 0
    assert line["data"].pop("metadata")["command"] == "CompleteTask"
    assert line == {
        "specversion": "1.0",
        "id": f"{user_id}/2",
        "source": "taskfold",
        "type": "TaskCompleted",
        "subject": "1",
        "userid": user_id,
        "sequence": "2",
        "taskid": "1",
        "taskversion": 2,
        "schemaversion": 1,
        "datacontenttype": "application/json",
        "data": {"data": {}},
    }


async def test_anybody_can_verify_an_export(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    for known in (f"{user_id}-a", f"{user_id}-b"):
        await live(handler, known)
    lines = b"".join(part.lines for part in await parts_of(pool)).splitlines(keepends=True)
    chains: dict[str, tuple[int, bytes]] = {}
    for line in lines[:-1]:
        event = json.loads(line)
        sequence, chain = chains.get(event["userid"], (0, bytes(32)))
        assert int(event["sequence"]) == sequence + 1
        digest = hashlib.sha256(rfc8785.dumps(event["data"])).digest()
        place = {
            "recorded_at": event["time"],
            "schema_version": event["schemaversion"],
            "sequence": int(event["sequence"]),
            "task_id": int(event["taskid"]),
            "type": event["type"],
            "user_id": event["userid"],
            "version": event["taskversion"],
        }
        chain = hashlib.sha256(chain + digest + rfc8785.dumps(place)).digest()
        assert (digest.hex(), chain.hex()) == (event["digest"], event["chain"])
        chains[event["userid"]] = (sequence + 1, chain)
    closing = json.loads(lines[-1])["data"]
    assert closing["sha256"] == hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    assert (closing["events"], closing["logs"]) == (len(lines) - 1, len(chains))


async def test_an_export_counts_what_it_holds(source: Pool, source_handler: CommandHandler) -> None:
    for user_id in ("ada", "eve", "joe"):
        await live(source_handler, user_id)
    parts = await parts_of(source)
    assert [(part.events, part.logs) for part in parts] == [(3, 1), (3, 1), (3, 1), (3, 0), (0, 0)]


async def test_an_export_is_of_the_instant_it_began(
    source: Pool, source_handler: CommandHandler
) -> None:
    for user_id in ("ada", "eve"):
        await live(source_handler, user_id)
    before = parsed(await parts_of(source))
    parts: list[Exported] = []
    async for part in export(source, page=1):
        parts.append(part)
        await source_handler.handle(asking("eve"), CreateTask(title="b"))
        await source_handler.handle(asking(f"new-{len(parts)}"), CreateTask(title="b"))
    assert parsed(parts)[:-1] == before[:-1]


async def test_an_export_of_nothing_is_a_closing_line(source: Pool) -> None:
    [part] = await parts_of(source)
    assert json.loads(part.lines)["data"] == {
        "events": 0,
        "logs": 0,
        "sha256": hashlib.sha256().hexdigest(),
    }
