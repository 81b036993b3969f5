"""Advisory locks on files, which the kernel frees when their last holder is gone."""

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lock_file(path: Path) -> Generator[int]:
    """An open descriptor of a lock file; whatever it locks is free again afterwards."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked_directory(path: Path) -> Generator[None]:
    """Wait for the lock of a directory and hold it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Take the lock alone if nobody else has it.

    A shared lock held through the same descriptor is turned into this one, and is lost on failure.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share_lock(descriptor: int) -> None:
    """Take the lock together with others who share it."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


def release_lock(descriptor: int) -> None:
    """Give up whatever is locked through the descriptor."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def claim(path: Path) -> Generator[int | None]:
    """The descriptor of a lock taken alone, or None while somebody else has it.

    A process that inherits the descriptor keeps the lock for as long as it lives.
    """
    with lock_file(path) as descriptor:
        yield descriptor if try_lock(descriptor) else None


def is_held(path: Path) -> bool:
    """Whether somebody has the lock now."""
    with claim(path) as descriptor:
        return descriptor is None
