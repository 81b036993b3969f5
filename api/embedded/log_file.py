"""What PostgreSQL says, kept in a file that does not grow over many starts."""

import os
from pathlib import Path
from typing import IO

_LARGEST = 1_000_000
_TAIL = 16_000
_LINES = 20


def open_log(path: Path) -> IO[bytes]:
    """Open the log for a new server; a grown one is set aside first, in place of the last such."""
    if path.exists() and path.stat().st_size > _LARGEST:
        path.replace(path.with_name(f"{path.name}.1"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "ab")


def last_lines(path: Path, since: int) -> tuple[str, ...]:
    """The last lines written after the file had a given size."""
    with path.open("rb") as log:
        log.seek(max(since, path.stat().st_size - _TAIL))
        return tuple(log.read().decode(errors="replace").splitlines()[-_LINES:])
