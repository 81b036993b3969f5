"""Files that verbs read and write: whole or not at all, private, and never over another."""

import gzip
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from api.cli.closed_streams import let_go_of_closed_streams
from api.cli.errors import FileTakenError, FileUnreadableError, FileUnwritableError

STANDARD_OUTPUT = Path("-")
"""How a command line names standard output."""


@contextmanager
def readable(path: Path) -> Generator[BinaryIO]:
    """Open a file to be read, more than once if need be.

    Raises:
        FileUnreadableError: There is no such file, or it is none that can be read twice.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise FileUnreadableError(path, error.strerror or str(error)) from error
    with file:
        if not file.seekable():
            raise FileUnreadableError(path, "It must be a file that can be read twice")
        yield file


@contextmanager
def writable(path: Path, *, compressed: bool = False) -> Generator[BinaryIO]:
    """Open a file to be written; it appears under its name when all of it is there.

    Raises:
        FileTakenError: There is a file of that name, which may be the only one of its kind.
        FileUnwritableError: It could not be written.
    """
    try:
        with _destination(path) as file:
            if compressed:
                # Without a name and a time in it, equal contents make equal files.
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                    yield cast("BinaryIO", packed)
            else:
                yield file
    except FileExistsError as error:
        raise FileTakenError(path) from error
    except OSError as error:
        let_go_of_closed_streams()
        raise FileUnwritableError(path, error.strerror or str(error)) from error


@contextmanager
def _destination(path: Path) -> Generator[BinaryIO]:
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    if path.exists():
        raise FileExistsError
    # Only its owner may read it, as is the way of temporary files.
    with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).rename(path)
        except BaseException:
            Path(file.name).unlink()
            raise
