"""Documents of JSON lines that end in a line with the hash of all before it.

The closing line tells a whole document from one that was cut short, which no other line could.
"""

import gzip
import zlib
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

import msgspec

from events.errors import DamagedFileError

LONGEST_LINE = 16 * 2**20
"""Bytes: far above any event, and little enough to be held in memory."""

_GZIP = b"\x1f\x8b"


class LineReader:
    """Reads such a document, compressed or not, a line at a time in bounded memory.

    Attributes:
        number: The line that was read last, counted from 1.
        closing: The last line, once all others have been read.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        compressed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        self._file = gzip.GzipFile(fileobj=file) if compressed else file
        self._hash = sha256()
        self._lines_read = 0
        self.number = 0
        self.closing = b""

    @property
    def sha256(self) -> str:
        """The hash of the lines given so far, with their line ends, in hex."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        """Give every line but the last.

        Raises:
            DamagedFileError: A line is too long, or the compression is damaged.
        """
        line = self._read()
        while following := self._read():
            self.number += 1
            self._hash.update(line)
            yield line
            line = following
        self.number += 1
        self.closing = line

    def decode[Shape](self, line: bytes, decoder: msgspec.json.Decoder[Shape]) -> Shape:
        """Read a line as JSON of a certain shape.

        Raises:
            DamagedFileError: It is no JSON, or of another shape.
        """
        try:
            return decoder.decode(line)
        except (ValueError, RecursionError) as error:
            raise self.damaged(str(error)) from error

    def damaged(self, reason: str) -> DamagedFileError:
        """Say what is wrong with the line that was read last."""
        return DamagedFileError(self.number, reason)

    def _read(self) -> bytes:
        self._lines_read += 1
        try:
            line = self._file.readline(LONGEST_LINE + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            reason = "the compressed file ends too early or is damaged"
            raise DamagedFileError(self._lines_read, reason) from error
        if len(line) > LONGEST_LINE:
            raise DamagedFileError(self._lines_read, f"it is longer than {LONGEST_LINE} bytes")
        return line
