"""A process that is measured: it does a turn for each line it is sent, and answers with a line."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tests.benchmarks.errors import SubjectFailedError

ROOT = Path(__file__).parents[2]
LONGEST_LINE = 2**24
_LAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """A running process that answers questions."""

    name: str
    process: Process
    log: Path

    async def ask(self, **question: object) -> Mapping[str, float]:
        """Have it do something, and give what it measured.

        Raises:
            SubjectFailedError: It ended instead.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question).encode() + b"\n")
        answer = await self.process.stdout.readline()
        if not answer:
            lines = self.log.read_text(errors="replace").splitlines()
            raise SubjectFailedError(self.name, " / ".join(lines[-_LAST_WORDS:]))
        return json.loads(answer)


@asynccontextmanager
async def subject(
    name: str,
    *command: str | Path,
    directory: Path,
    environment: Mapping[str, str] | None = None,
    output: BinaryIO | None = None,
) -> AsyncGenerator[Subject]:
    """Run a process until the end of the block.

    Args:
        name: What it is called.
        command: What to run.
        directory: Where its complaints are kept.
        environment: What it is told beside our own environment.
        output: Where what it prints goes when it answers no questions.
    """
    log = directory / f"{name}.log".replace(" ", "-")
    with log.open("wb") as complaints:
        process = await asyncio.create_subprocess_exec(
            *map(str, command),
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=PIPE,
            stdout=output or PIPE,
            stderr=complaints,
            limit=LONGEST_LINE,
        )
    try:
        yield Subject(name, process, log)
    finally:
        await _end(process)


async def _end(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    if process.stdout is None and process.returncode is None:
        # It answers no questions, so it does not notice that there are no more.
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), timeout=10)
    except TimeoutError:
        process.kill()
        await process.wait()
