"""The benchmarks as a program: `python -m tests.benchmarks`, which `taskfold bench` starts."""

import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from rich.console import Console
from rich.markdown import Markdown

from api.embedded.server import EmbeddedServer, embedded_server
from tests.benchmarks.arguments import Arguments, parse
from tests.benchmarks.bench import Bench
from tests.benchmarks.catalogue import chosen
from tests.benchmarks.disk import flush_time
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.profile import profiles
from tests.benchmarks.results import Results
from tests.benchmarks.run import run
from tests.benchmarks.slow_fsync import slow_fsync
from tests.benchmarks.statements import counting_server


def main(arguments: Arguments) -> int:
    """Run what was asked for; gives the exit code."""
    benchmarks = chosen(arguments.only)
    arguments.output.mkdir(parents=True, exist_ok=True)
    with _server(arguments) as (server, directory):
        bench = Bench(
            server_url=server.url,
            scale=arguments.scale,
            directory=directory,
            say=_teller(),
            superuser_url=server.superuser_url if arguments.profile else None,
        )
        if arguments.profile:
            asyncio.run(profiles(bench, arguments.output))
            return 0
        results = Results(arguments.output, _conditions(arguments, server, directory))
        asyncio.run(run(benchmarks, bench, results))
    _show(results, as_json=arguments.as_json)
    return 1 if results.failed else 0


@contextmanager
def _server(arguments: Arguments) -> Generator[tuple[EmbeddedServer, Path]]:
    """Start a PostgreSQL of the run's own, as durable as any other; its files go afterwards."""
    with ExitStack() as use:
        home = Path(tempfile.mkdtemp(prefix="taskfold-bench-"))
        use.callback(shutil.rmtree, home)
        # Under root the server has an account of its own, which must be able to come here.
        home.chmod(0o711)
        directory = home / "work"
        directory.mkdir()
        if arguments.slow_fsync:
            use.enter_context(slow_fsync(home, arguments.slow_fsync))
        start = counting_server if arguments.profile else embedded_server
        yield use.enter_context(start(home / "data")), directory


def _conditions(arguments: Arguments, server: EmbeddedServer, directory: Path) -> dict[str, object]:
    return {
        "scale": arguments.scale.name,
        "postgresql": server.version,
        **_durability(server.url),
        "flush_microseconds": round(flush_time(directory)),
        "slow_fsync_milliseconds": arguments.slow_fsync,
        "load_before": round(os.getloadavg()[0], 2),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _durability(url: str) -> dict[str, str]:
    """Give what the server itself says of how safe a commit is."""
    names = ("fsync", "synchronous_commit", "full_page_writes")
    with psycopg.connect(url) as connection:
        settings = connection.execute(
            "select name, setting from pg_settings where name = any(%s)", [list(names)]
        )
        return dict(settings.fetchall())


def _teller() -> Callable[[str], None]:
    began = time.monotonic()

    def say(what: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - began), 60)
        print(f"[{minutes:3}:{seconds:02}] {what}", file=sys.stderr, flush=True)

    return say


def _show(results: Results, *, as_json: bool) -> None:
    console = Console()
    if as_json:
        print(results.document())
    elif console.is_terminal:
        console.print(Markdown(results.table()))
    else:
        print(results.table())


if __name__ == "__main__":
    try:
        sys.exit(main(parse(sys.argv[1:])))
    except BenchmarkError as error:
        sys.exit(f"Error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
