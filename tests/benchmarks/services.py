"""HTTP services, ours and the references, under a load that all of them share."""

import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from tests.benchmarks.bench import Bench
from tests.benchmarks.ports import free_port, listening
from tests.benchmarks.subject import Subject, subject
from tests.benchmarks.tokens import Tokens
from tests.benchmarks.turns import Contender, Sample
from tests.http.application import SECRET

TASKFOLD = Path(sys.executable).with_name("taskfold")
HERE = Path(__file__).parent / "references"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that runs.

    Attributes:
        name: What it is called.
        server: Its process.
        generator: What puts a load on it.
        seconds: How long a turn takes.
        where: What the generator must know of it.
    """

    name: str
    server: Subject
    generator: Subject
    seconds: float
    where: Mapping[str, object]

    def contender(self, kind: str, connections: int) -> Contender:
        """Let it be measured at one kind of request."""
        return Contender(self.name, partial(self.load, kind, connections))

    async def load(self, kind: str, connections: int) -> Sample:
        """Put a load on it for one turn."""
        return await self.generator.ask(
            kind=kind, connections=connections, seconds=self.seconds, **self.where
        )


@asynccontextmanager
async def taskfold(
    bench: Bench,
    generator: Subject,
    url: str,
    tokens: Tokens,
    *,
    name: str = "taskfold",
    tasks_of_a_user: int,
) -> AsyncGenerator[Service]:
    """Serve ours on a filled database, one worker, as it comes, but for limits of requests."""
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "TASKFOLD_DATA_DIR": str(bench.directory / "taskfold"),
        "TASKFOLD_RATE_LIMIT_USER": "",
        "TASKFOLD_RATE_LIMIT_ADDRESS": "",
        **tokens.settings,
    }
    command = (str(TASKFOLD), "serve", "--port", str(port))
    where = _where(port, tokens, tasks_of_a_user)
    async with _served(bench, name, command, environment, port) as server:
        yield Service(
            name=name, server=server, generator=generator, seconds=bench.scale.seconds, where=where
        )


@asynccontextmanager
async def crud(
    bench: Bench, generator: Subject, module: str, tokens: Tokens, *, name: str
) -> AsyncGenerator[Service]:
    """Serve a reference, one worker, on a filled table of its own."""
    port, scale = free_port(), bench.scale
    target = f"tests.benchmarks.references.{module}:app"
    command = (sys.executable, "-m", "uvicorn", target, "--port", str(port), "--no-access-log")
    where = {**_where(port, tokens, scale.tasks_of_a_user), "global_ids": True}
    async with bench.empty() as url:
        _fill(url, scale.users, scale.tasks_of_a_user)
        environment = {"DATABASE_URL": url, "SECRET": SECRET}
        async with _served(bench, name, command, environment, port) as server:
            yield Service(
                name=name, server=server, generator=generator, seconds=scale.seconds, where=where
            )


def _where(port: int, tokens: Tokens, tasks_of_a_user: int) -> Mapping[str, object]:
    return {"port": port, "tokens": str(tokens.file), "tasks_of_a_user": tasks_of_a_user}


@asynccontextmanager
async def _served(
    bench: Bench, name: str, command: tuple[str, ...], environment: Mapping[str, str], port: int
) -> AsyncGenerator[Subject]:
    log = bench.directory / f"{name.replace(' ', '-')}.out"
    with log.open("wb") as output:
        async with subject(
            name, *command, directory=bench.directory, environment=environment, output=output
        ) as server:
            await listening(name, port)
            yield server


def _fill(url: str, users: int, tasks: int) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((HERE / "crud_table.sql").read_bytes())
        connection.execute((HERE / "crud_fill.sql").read_bytes(), {"users": users, "tasks": tasks})
        connection.execute("vacuum analyze crud_task")
