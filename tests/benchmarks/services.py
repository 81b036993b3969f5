"""HTTP services, ours and the references, under a load that all of them share."""

import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.ports import free_port, listening
from tests.benchmarks.subject import Subject, subject
from tests.benchmarks.tokens import Identity
from tests.benchmarks.turns import Contender, Sample

TASKFOLD = Path(sys.executable).with_name("taskfold")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that runs.

    Attributes:
        name: What it is called.
        server: Its process.
        generator: What puts a load on it.
        seconds: How long a turn takes.
        port: Where it listens.
        where: What else the generator must know of it.
    """

    name: str
    server: Subject
    generator: Subject
    seconds: float
    port: int
    where: Mapping[str, object]

    def asked(self, name: str = "", **otherwise: object) -> "Service":
        """Give the same service, asked by other people or for other things."""
        return replace(self, name=name or self.name, where={**self.where, **otherwise})

    def contender(self, kind: str, connections: int) -> Contender:
        """Let it be measured at one kind of request."""
        return Contender(self.name, partial(self.load, kind, connections))

    async def ready(self) -> None:
        """Wait until it listens."""
        await listening(self.name, self.port)

    async def load(self, kind: str, connections: int) -> Sample:
        """Put a load on it for one turn."""
        return await self.generator.ask(
            kind=kind,
            connections=connections,
            seconds=self.seconds,
            port=self.port,
            **self.where,
        )


@asynccontextmanager
async def taskfold(
    bench: Bench, generator: Subject, url: str, identity: Identity, *, name: str = "taskfold"
) -> AsyncGenerator[Service]:
    """Begin to serve ours, one worker, as it comes, but for limits of requests."""
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "TASKFOLD_DATA_DIR": str(bench.directory / "taskfold"),
        "TASKFOLD_RATE_LIMIT_USER": "",
        "TASKFOLD_RATE_LIMIT_ADDRESS": "",
        **identity.settings,
    }
    command = (str(TASKFOLD), "serve", "--port", str(port))
    async with _started(bench, name, command, environment) as server:
        yield Service(
            name=name,
            server=server,
            generator=generator,
            seconds=bench.scale.seconds,
            port=port,
            where={},
        )


@asynccontextmanager
async def crud(
    bench: Bench, generator: Subject, module: str, url: str, identity: Identity, *, name: str
) -> AsyncGenerator[Service]:
    """Begin to serve a reference, one worker, without a log of requests."""
    port = free_port()
    target = f"tests.benchmarks.references.{module}:app"
    command = (sys.executable, "-m", "uvicorn", target, "--port", str(port), "--no-access-log")
    environment = {"DATABASE_URL": url, **identity.settings}
    async with _started(bench, name, command, environment) as server:
        yield Service(
            name=name,
            server=server,
            generator=generator,
            seconds=bench.scale.seconds,
            port=port,
            where={"global_ids": True},
        )


@asynccontextmanager
async def _started(
    bench: Bench, name: str, command: tuple[str, ...], environment: Mapping[str, str]
) -> AsyncGenerator[Subject]:
    log = bench.directory / f"{name.replace(' ', '-')}.out"
    with log.open("wb") as output:
        async with subject(
            name, *command, directory=bench.directory, environment=environment, output=output
        ) as server:
            yield server
