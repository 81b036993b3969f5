"""Other processes that use the server, and what may happen to it from outside."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg

from api.embedded.account import server_account
from api.embedded.binaries import binary
from api.embedded.locks import is_held
from api.embedded.places import Places
from api.embedded.postmaster import live_postmaster, read_pid_file
from api.embedded.program import start_program
from api.embedded.settings import server_arguments

ROOT = Path(__file__).parents[2]


def eventually(condition: Callable[[], bool], *, within: float = 30.0) -> None:
    """Wait for a condition, and fail when it does not come true in time."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


class Holder:
    """Another Taskfold process that uses the server of a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.heard: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded.holder", data_dir],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, word: str) -> str:
        """Read what it says up to the first line that holds a word."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.heard.append(line.strip())
            if word in line:
                return self.heard[-1]
        message = f"it never said {word}, only {self.heard}"
        raise AssertionError(message)

    def url(self) -> str:
        """Wait until it has the server, and give the address it got."""
        return self.wait_for("postgresql://")

    def start_leaving(self) -> None:
        """End its input, so that it leaves the server."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.stdin = None

    def leave(self) -> None:
        """Let it leave the server and end in order."""
        self.process.communicate()
        assert self.process.returncode == 0

    def kill(self) -> None:
        """End it without a chance to leave."""
        self.process.kill()
        self.process.communicate()


@contextmanager
def holder(data_dir: Path) -> Generator[Holder]:
    """Start another Taskfold process on the data directory."""
    process = Holder(data_dir)
    try:
        yield process
    finally:
        process.kill()


def postmaster(data_dir: Path) -> psutil.Process:
    """The server's main process, which must be alive."""
    process = live_postmaster(Places(data_dir=data_dir).cluster)
    assert process is not None
    return process


def status(data_dir: Path) -> str:
    """How far the server is by its own word."""
    file = read_pid_file(Places(data_dir=data_dir).cluster)
    return file.status if file else ""


def runs(data_dir: Path) -> bool:
    """Whether any process of the server is alive."""
    return is_held(Places(data_dir=data_dir).server_lock)


def kill_server(data_dir: Path) -> None:
    """Kill every process of the server, and wait until none is left."""
    server = live_postmaster(Places(data_dir=data_dir).cluster)
    for process in [server, *server.children(recursive=True)] if server else []:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    eventually(lambda: not runs(data_dir))


def child(data_dir: Path, title: str) -> psutil.Process:
    """The server's child process whose title holds a word."""
    found: list[psutil.Process] = []

    def look() -> bool:
        for process in postmaster(data_dir).children():
            # Some children live only for an instant.
            with suppress(psutil.NoSuchProcess):
                found.extend([process] if title in " ".join(process.cmdline()) else [])
        return bool(found)

    eventually(look)
    return found[0]


def answers(url: str) -> bool:
    """Whether a query gets its answer."""
    try:
        return value(url, "select 1") == 1
    except psycopg.OperationalError:
        return False


def value(url: str, query: str) -> object:
    """The first value of a query's answer."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def execute(url: str, statement: str) -> None:
    """Run a statement and commit it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def note(url: str, number: int) -> None:
    """Commit a number for `noted` to find."""
    execute(url, f"drop table if exists note; create table note as select {number} as number")


def noted(url: str) -> object:
    """The number committed by `note`."""
    return value(url, "select number from note")


@contextmanager
def foreign_server(data_dir: Path) -> Generator[psutil.Process]:
    """A PostgreSQL on the data directory that Taskfold has not started."""
    places = Places(data_dir=data_dir)
    places.socket_directory.mkdir(mode=0o700)
    account = server_account()
    account.own(places.socket_directory)
    with tempfile.TemporaryFile() as unrelated:
        process = start_program(
            binary("postgres"),
            server_arguments(places.cluster, places.socket_directory),
            account=account,
            output=unrelated,
            inherited_lock=unrelated.fileno(),
        )
    try:
        eventually(lambda: status(data_dir) == "ready")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def unrelated_process() -> Generator[int]:
    """The number of a process that has nothing to do with the server, but runs as its account."""
    account = server_account()
    process = subprocess.Popen(
        ["/bin/sleep", "300"],
        cwd="/",
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


def block_replay(data_dir: Path, until: Path) -> None:
    """Make the next start's replay of the write-ahead log wait until a file appears."""
    # The wait must also end with the cluster, or it would outlive a test that fails.
    waiting = f"test -e postmaster.pid -a ! -e {until}"
    replay_with(data_dir, f"while {waiting}; do sleep 0.02; done; exit 1")


def replay_with(data_dir: Path, command: str) -> None:
    """Make the next start's replay of the write-ahead log run a command in the cluster."""
    cluster = Places(data_dir=data_dir).cluster
    (cluster / "recovery.signal").touch()
    with (cluster / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = '{command}'\n")
