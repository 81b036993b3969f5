"""The program in the README that verifies an export, tried on exports."""

import json
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from events.export import export as export_logs
from tests.docs.documents import README, blocks, section
from tests.http.application import Running
from tests.http.test_personal_data import ERASE, busy

pytestmark = pytest.mark.anyio

[PROGRAM] = blocks(section(README, "Verify it yourself"), "python")

type Lines = list[dict[str, Any]]


def verified(document: str, directory: Path) -> str:
    program, export = directory / "verify.py", directory / "export.jsonl"
    program.write_text(PROGRAM)
    export.write_text(document)
    run = subprocess.run(
        [sys.executable, program, export], capture_output=True, text=True, check=False
    )
    assert (run.returncode == 0) == (run.stdout == "In order.\n"), run.stderr
    return run.stdout.strip()


def closed_again(lines: Lines) -> str:
    """Close an export as whoever tampers with it would."""
    text = "".join(json.dumps(line) + "\n" for line in lines[:-1])
    lines[-1]["data"]["sha256"] = sha256(text.encode()).hexdigest()
    return text + json.dumps(lines[-1]) + "\n"


def renamed(lines: Lines) -> None:
    lines[4]["data"]["data"]["title"] = "Other"


def removed(lines: Lines) -> None:
    del lines[5]


def moved(lines: Lines) -> None:
    lines[4], lines[5] = lines[5], lines[4]


def dated(lines: Lines) -> None:
    lines[5]["time"] = "2020-01-01T00:00:00.000000Z"


def emptied(lines: Lines) -> None:
    lines[4]["data"] = {"data": None, "metadata": None}


@pytest.fixture
async def export(client: httpx2.AsyncClient) -> str:
    """Three lines of tasks, five of events, and one that closes."""
    await busy(client)
    await client.patch("/api/tasks/1", json={"order": 0.0000001, "title": "ü 🥛 \u2028"})
    await client.patch("/api/tasks/2", json={"order": 1e22})
    return (await client.get("/api/me/export")).text


async def test_an_export_is_in_order(export: str, tmp_path: Path) -> None:
    assert verified(export, tmp_path) == "In order."


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (renamed, "event 2 of {user} was edited"),
        (removed, "event 4 of {user} does not follow from event 2"),
        (moved, "event 3 of {user} does not follow from event 1"),
        (dated, "event 3 of {user} does not follow from event 2"),
        (emptied, "event 2 of {user} was emptied"),
    ],
)
async def test_the_first_event_that_was_tampered_with_is_named(
    export: str, user_id: str, tmp_path: Path, tamper: Callable[[Lines], None], told: str
) -> None:
    lines = [json.loads(line) for line in export.rstrip("\n").split("\n")]
    tamper(lines)
    assert verified(closed_again(lines), tmp_path) == told.format(user=user_id)


async def test_an_export_that_was_cut_short_is_found(export: str, tmp_path: Path) -> None:
    lines = export.split("\n")
    for other in (export.replace("Secret", "Sacred"), "\n".join([*lines[:5], *lines[6:]])):
        assert verified(other, tmp_path) == "the file is not whole, or was changed"


async def test_an_erased_log_is_in_order_and_what_came_after_it(
    client: httpx2.AsyncClient, export: str, tmp_path: Path
) -> None:
    assert export
    await client.delete("/api/me", headers=ERASE)
    assert verified((await client.get("/api/me/export")).text, tmp_path) == "In order."
    await client.post("/api/tasks", json={"title": "new"})
    assert verified((await client.get("/api/me/export")).text, tmp_path) == "In order."


async def test_everybodys_export_is_in_order(application: Running, tmp_path: Path) -> None:
    for user_id in ("ada", "eve"):
        async with application.client_of(user_id) as client:
            await busy(client)
    parts = [part.lines async for part in export_logs(application.state["pool"])]
    assert verified(b"".join(parts).decode(), tmp_path) == "In order."
