"""PostgreSQL alone, driven by the program that comes with it: no language, no framework."""

import asyncio
import re
import shutil
from pathlib import Path

from api.embedded.binaries import installed
from api.embedded.errors import BinariesMissingError
from tests.benchmarks.errors import SubjectFailedError, UnavailableError
from tests.benchmarks.turns import Sample

NAME = "pgbench"
_RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([\d.]+) ms", re.MULTILINE)


def program() -> str:
    """Find pgbench: that of the embedded PostgreSQL, or the system's.

    Raises:
        UnavailableError: There is none.
    """
    try:
        return str(installed().bin_directory / NAME)
    except BinariesMissingError:
        found = shutil.which(NAME)
    if found is None:
        reason = "pgbench is not on the PATH; it comes with PostgreSQL"
        raise UnavailableError(reason)
    return found


async def pgbench(
    url: str, script: Path, *, clients: int, seconds: float, users: int = 1
) -> Sample:
    """Run a script over and over with so many clients, prepared, and give transactions a second."""
    # Whole seconds are all it takes, and less than one is for looking whether it works at all.
    length = ("-T", str(round(seconds))) if seconds >= 1 else ("-t", "20")
    threads = str(min(clients, 2))
    given = ("-D", f"users={users}", "-f", script)
    options = ("-n", "-M", "prepared", "-c", str(clients), "-j", threads, *length, *given)
    process = await asyncio.create_subprocess_exec(
        *(program(), *map(str, options), url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaints = (part.decode() for part in await process.communicate())
    rate, latency = _RATE.search(said), _LATENCY.search(said)
    if process.returncode or rate is None or latency is None:
        raise SubjectFailedError(NAME, (complaints or said).strip().replace("\n", " / "))
    return {"rate": float(rate[1]), "mean": float(latency[1])}
