"""The private directory of the server's socket, the only way in."""

import hashlib
import os
import stat
from pathlib import Path
from urllib.parse import quote

from api.embedded.account import Account
from api.embedded.errors import SocketDirectoryError

PORT = 5432
_PRIVATE = 0o700
_SOCKET = f".s.PGSQL.{PORT}"
# The shortest limit of the supported systems (macOS: 104 bytes with the closing zero).
_LONGEST_SOCKET_PATH = 103
# Not the temporary directory of the environment: every process must find the same one.
_SHORT_PARENT = Path("/tmp")  # noqa: S108 - made private there and checked before each use


def socket_directory(data_dir: Path) -> Path:
    """The directory for the socket: in the data directory where its path is short enough.

    A comma sends it elsewhere too, since clients read `host` as a list.
    """
    inside = data_dir / "socket"
    path = os.fsencode(inside / _SOCKET)
    if len(path) <= _LONGEST_SOCKET_PATH and b"," not in path:
        return inside
    return _SHORT_PARENT / f"taskfold-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:20]}"


def prepare_socket_directory(directory: Path, account: Account) -> None:
    """Make the directory if it is missing and see that it is the account's alone.

    Raises:
        SocketDirectoryError: Something else stands there, or others may enter it.
    """
    try:
        directory.mkdir(mode=_PRIVATE)
    except FileExistsError:
        if not _is_private(directory, {account.uid, os.geteuid()}):
            raise SocketDirectoryError(directory) from None
    account.own(directory)


def clear_socket_directory(directory: Path) -> None:
    """Remove what a dead server left; its lock file would name a process number long reused."""
    for name in (_SOCKET, f"{_SOCKET}.lock"):
        (directory / name).unlink(missing_ok=True)


def connection_url(directory: Path, *, role: str, database: str) -> str:
    """The address of a database behind the socket; the port overrules a PGPORT of the user's."""
    host = quote(os.fsencode(directory), safe="")
    return f"postgresql://{role}@/{database}?host={host}&port={PORT}"


def _is_private(directory: Path, owners: set[int]) -> bool:
    status = directory.lstat()
    private = stat.S_ISDIR(status.st_mode) and stat.S_IMODE(status.st_mode) == _PRIVATE
    return private and status.st_uid in owners
