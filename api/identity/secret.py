"""A signing secret of our own, for a machine where nobody has set BETTER_AUTH_SECRET."""

import os
import secrets
import tempfile
from pathlib import Path

from api.data_directory import DataDirectoryError, private_directory

FILE_NAME = "secret"
RANDOM_BYTES = 48
SHORTEST = 32
"""Bytes; a shorter file was not written by us."""


class DamagedSecretError(Exception):
    """The file with our own secret does not hold one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} does not hold a secret that Taskfold made; delete it to get a new one "
            "(tokens signed with the old one end), or set BETTER_AUTH_SECRET."
        )


def secret_path(data_dir: Path) -> Path:
    """Where the secret of a data directory is kept."""
    return data_dir / FILE_NAME


def own_secret(data_dir: Path) -> bytes:
    """Give the secret of a data directory; the first to ask makes it, whoever else asks meanwhile.

    Raises:
        DataDirectoryError: The directory or the file in it cannot be used.
        DamagedSecretError: The file holds something else.
    """
    path = secret_path(private_directory(data_dir))
    try:
        if not path.exists():
            _make(path)
        secret = _read(path).strip()
    except OSError as error:
        raise DataDirectoryError(data_dir, error.strerror or str(error)) from error
    if len(secret) < SHORTEST:
        raise DamagedSecretError(path)
    return secret


def _read(path: Path) -> bytes:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        # One that somebody else has put there is known to them.
        if os.fstat(file.fileno()).st_uid != os.geteuid():
            raise DamagedSecretError(path)
        return file.read()


def _make(path: Path) -> None:
    # Nobody sees a half-written secret, and of several makers one wins: link() never replaces.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{FILE_NAME}-") as draft:
        draft.write(secrets.token_urlsafe(RANDOM_BYTES).encode() + b"\n")
        draft.flush()
        os.fsync(draft.fileno())
        try:
            path.hardlink_to(draft.name)
        except FileExistsError:
            return
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
