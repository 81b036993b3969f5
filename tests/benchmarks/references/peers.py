"""The other event stores, each opened as a process that appends as it is asked to."""

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.ports import free_port, listening
from tests.benchmarks.references import message_db, npm
from tests.benchmarks.references.pgbench import pgbench
from tests.benchmarks.subject import subject
from tests.benchmarks.turns import Sample

type Append = Callable[[int], Awaitable[Sample]]
"""Appends for a turn, with so many writers at once."""

type Peer = Callable[[Bench], AbstractAsyncContextManager[Append]]


@asynccontextmanager
async def eventsourcing(bench: Bench, functions: str = "n") -> AsyncGenerator[Append]:
    """`eventsourcing` from PyPI."""
    module = "references.eventsourcing_peer"
    async with bench.empty() as url, bench.python(module, url, functions) as peer:
        yield lambda writers: peer.ask(in_flight=writers, seconds=bench.scale.seconds)


def eventsourcing_with_functions(bench: Bench) -> AbstractAsyncContextManager[Append]:
    """The same, inserting through functions in the database: faster, but its readers may skip."""
    return eventsourcing(bench, "y")


@asynccontextmanager
async def emmett(bench: Bench) -> AsyncGenerator[Append]:
    """emmett, from npm."""
    script = Path(__file__).parent / "emmett.mjs"
    async with bench.empty() as url:
        command = (*npm.node(), script, npm.packages(), url)
        async with subject("emmett", *command, directory=bench.directory) as peer:
            yield lambda writers: peer.ask(in_flight=writers, seconds=bench.scale.seconds)


@asynccontextmanager
async def message_store(bench: Bench) -> AsyncGenerator[Append]:
    """message-db, through pgbench: it has no client."""
    async with bench.empty() as url:
        message_db.install(url)
        script, seconds = message_db.WRITE, bench.scale.seconds
        yield lambda writers: pgbench(url, script, clients=writers, seconds=seconds)


@asynccontextmanager
async def umadb(bench: Bench) -> AsyncGenerator[Append]:
    """UmaDB, a server of its own."""
    server = str(Path(sys.executable).with_name("umadb"))
    directory, port = bench.directory / "umadb", free_port()
    directory.mkdir(exist_ok=True)
    address = f"http://127.0.0.1:{port}"
    command = (server, "--listen", f"127.0.0.1:{port}", "--db-path", str(directory))
    async with AsyncExitStack() as use:
        output = use.enter_context((bench.directory / "umadb.out").open("wb"))
        running = subject("umadb", *command, directory=bench.directory, output=output)
        await use.enter_async_context(running)
        await listening("umadb", port)
        peer = await use.enter_async_context(bench.python("references.umadb_peer", address))
        yield lambda writers: peer.ask(in_flight=writers, seconds=bench.scale.seconds)


PEERS: Mapping[str, Peer] = {
    "eventsourcing": eventsourcing,
    "eventsourcing with functions": eventsourcing_with_functions,
    "emmett": emmett,
    "message-db": message_store,
    "umadb": umadb,
}
