"""A rebuild and a rollback of a table that many write and read, as the command line does them."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from events.database import Pool
from projections.registry import PROJECTIONS
from projections.task import TASK
from tests.big_logs import fill
from tests.options import LOG_EVENTS, READERS, WRITERS
from tests.rebuild.rebuilding import rebuild

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240 + LOG_EVENTS / 2_000)]

TASKFOLD = Path(sys.executable).with_name("taskfold")
LONGEST_WAIT = 1.0
"""Seconds a reader may have to wait, the switch included."""


async def taskfold(url: str, *arguments: str) -> dict[str, Any]:
    """Run a verb that answers in JSON, and expect it to succeed."""
    environment = {**os.environ, "DATABASE_URL": url}
    process = await asyncio.create_subprocess_exec(
        TASKFOLD, "projections", *arguments, "--json", stdout=PIPE, stderr=PIPE, env=environment
    )
    out, told = await process.communicate()
    assert process.returncode == 0, (out, told.decode())
    return json.loads(out)


@dataclass(frozen=True, slots=True)
class Loads:
    """Processes that write and read."""

    processes: list[tuple[str, Process]]

    async def end(self) -> dict[str, list[dict[str, Any]]]:
        """End them and gather their reports."""
        reports: dict[str, list[dict[str, Any]]] = {"write": [], "read": []}
        for kind, process in self.processes:
            out, _ = await process.communicate()
            assert process.returncode == 0
            reports[kind].append(json.loads(out))
        return reports


async def load(url: str) -> Loads:
    """Start writers and readers, and wait until all of them are at it."""
    kinds = ["write"] * WRITERS + ["read"] * READERS
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.rebuild.load", kind, url, stdin=PIPE, stdout=PIPE
        )
        for kind in kinds
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    return Loads(list(zip(kinds, processes, strict=True)))


async def test_a_rebuild_and_a_rollback_disturb_nobody_who_writes_or_reads(
    own: Pool, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with own.connection() as connection:
        await fill(connection, LOG_EVENTS)
    for projection in PROJECTIONS.values():
        await rebuild(own, projection, accept=True)

    loads = await load(url)
    rebuilt = await taskfold(url, "rebuild", TASK.name, "--workers", "2")
    rolled_back = await taskfold(url, "rollback", TASK.name)
    reports = await loads.end()

    verified = await taskfold(url, "verify", TASK.name)
    slowest = {kind: max(report["slowest"] for report in reports[kind]) for kind in reports}
    with capsys.disabled():
        print(  # noqa: T201 - the figures are the point of the proof
            f"\n{WRITERS} writers, {READERS} readers: rebuild of {rebuilt['events']:,} events in "
            f"{rebuilt['seconds']:.1f} s ({rebuilt['events_per_second']:,}/s), rollback in "
            f"{rolled_back['seconds']:.1f} s; "
            f"{sum(r['done'] for r in reports['write']):,} writes, "
            f"{sum(r['done'] for r in reports['read']):,} reads; slowest write "
            f"{slowest['write'] * 1_000:.0f} ms, slowest read {slowest['read'] * 1_000:.0f} ms"
        )
    assert (rebuilt["generation"], rolled_back["generation"]) == (3, 2)
    assert rebuilt["differences"] == rolled_back["differences"] == verified["differences"] == 0
    assert not any(report["failed"] for kind in reports for report in reports[kind])
    assert all(report["done"] for kind in reports for report in reports[kind])
    assert slowest["read"] < LONGEST_WAIT
