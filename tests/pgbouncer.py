"""A real PgBouncer in transaction mode, where it is installed.

Debian's knows no prepared statements, like many that people run: connect without them.
"""

import asyncio
import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from psycopg.conninfo import conninfo_to_dict

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

_CONFIGURATION = """\
[databases]
* = host={host} port={port} user={user}{password}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
"""


def need_pgbouncer() -> None:
    """Skip, and say what is missing, where there is none."""
    if PROGRAM is None:
        pytest.skip("PgBouncer is not installed: apt-get install pgbouncer")


@asynccontextmanager
async def pgbouncer(url: str) -> AsyncGenerator[str]:
    """Put one before a server; gives the URL that leads through it to the same database."""
    need_pgbouncer()
    known = {name: str(value) for name, value in conninfo_to_dict(url).items() if value}
    directory = Path(tempfile.mkdtemp(prefix="taskfold-pgbouncer-"))
    port = _free_port()
    configuration = directory / "pgbouncer.ini"
    password = f" password={known['password']}" if "password" in known else ""
    configuration.write_text(
        _CONFIGURATION.format(
            host=known["host"],
            port=known.get("port", "5432"),
            user=known["user"],
            password=password,
            own_port=port,
        )
    )
    os.chmod(directory, 0o755)  # noqa: PTH101, S103 - its own account must read it
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM),
        *_as_nobody(),
        str(configuration),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        while b"process up" not in (line := await process.stderr.readline()):
            assert line, "PgBouncer ended"
        draining = asyncio.create_task(process.stderr.read())
        user = quote(known["user"], safe="")
        yield f"postgresql://{user}@127.0.0.1:{port}/{known['dbname']}?sslmode=disable"
        process.terminate()
        await draining
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        shutil.rmtree(directory)


def _as_nobody() -> list[str]:
    # It refuses to run as root; the server's socket lets its own account in.
    if os.geteuid() != 0:
        return []
    names = {each.pw_name for each in pwd.getpwall()}
    return [f"--user={'taskfold' if 'taskfold' in names else 'postgres'}"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
