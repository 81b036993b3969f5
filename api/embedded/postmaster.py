"""What the database's pid file says, and whether the process it names really serves it."""

from dataclasses import dataclass
from pathlib import Path

import psutil

_STATUSES = ("starting", "stopping", "ready", "standby")


@dataclass(frozen=True, slots=True, kw_only=True)
class PidFile:
    """The two facts of a pid file that matter: who, and how far they are ("" when not said)."""

    pid: int
    status: str


def _pid_file(cluster: Path) -> Path:
    return cluster / "postmaster.pid"


def read_pid_file(cluster: Path) -> PidFile | None:
    """What the pid file says, or None when it is missing, unfinished or damaged."""
    try:
        lines = _pid_file(cluster).read_text(errors="replace").splitlines()
        # A server for maintenance writes its process number with a minus.
        pid = abs(int(lines[0]))
    except (FileNotFoundError, IndexError, ValueError):
        return None
    last = lines[-1].strip()
    return PidFile(pid=pid, status=last if last in _STATUSES else "")


def live_postmaster(cluster: Path) -> psutil.Process | None:
    """The process the pid file names, if it lives and is a PostgreSQL in this very directory."""
    noted = read_pid_file(cluster)
    if noted is None:
        return None
    try:
        process = psutil.Process(noted.pid)
        return process if process.name() == "postgres" and _works_in(process, cluster) else None
    except psutil.Error:
        return None


def discard_pid_file(cluster: Path) -> None:
    """Remove the pid file of a server that is certainly dead, where it would stop a start.

    PostgreSQL gives up when the file is damaged or its number belongs to another process by now.
    In all other cases the file stays, since PostgreSQL learns from it which shared memory to check.
    """
    noted = read_pid_file(cluster)
    if noted is None or psutil.pid_exists(noted.pid):
        _pid_file(cluster).unlink(missing_ok=True)


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    try:
        return Path(process.cwd()).samefile(cluster)
    except psutil.AccessDenied:
        # A container's root may not look into the processes of other accounts.
        return str(cluster) in process.cmdline()
    except OSError:
        return False
