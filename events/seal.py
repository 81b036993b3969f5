"""The seal of a database: where every log stood, in a document to be kept where nobody of ours is.

The chain alone cannot show that a log was cut off and its head moved back to match, or that all of
it was written anew: whoever can do that can hash, too. A seal made before shows both.

It is made of JSON lines: a header, a line for each log, and a closing line with the SHA-256 of all
bytes before it, which is worth keeping by itself (in a ticket, a time stamp, on paper). A log is
named by the SHA-256 of the header's salt and its user's id, so the seal may outlive the erasure of
a person: it holds no id, two seals cannot be joined, and only who knows an id can find its line.
"""

import secrets
from collections.abc import AsyncGenerator, AsyncIterable, Iterator
from hashlib import sha256
from typing import Annotated, BinaryIO, Literal

import msgspec

from events.lines import LineReader

type Hex = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})+$")]
type Count = Annotated[int, msgspec.Meta(ge=0)]


class SealHeader(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line: what this is, and when and by which version of the product it was made."""

    format: Literal["taskfold-seal-1"] = "taskfold-seal-1"
    created_at: str
    product: str
    salt: Hex


class SealedHead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line for a log: its name, and its last sequence and chain value."""

    log: Hex
    sequence: Count
    chain: Hex


class SealFooter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The closing line: how many logs and events are sealed, and the hash of all bytes before."""

    logs: Count
    events: Count
    sha256: Hex


_header_decoder = msgspec.json.Decoder(SealHeader)
_head_decoder = msgspec.json.Decoder(SealedHead)
_footer_decoder = msgspec.json.Decoder(SealFooter)


def new_salt() -> str:
    """Make a salt for one seal."""
    return secrets.token_hex(16)


def log_name(salt: str, user_id: str) -> str:
    """Name a user's log as a seal with this salt does."""
    return sha256(bytes.fromhex(salt) + user_id.encode()).hexdigest()


async def seal_lines(header: SealHeader, heads: AsyncIterable[SealedHead]) -> AsyncGenerator[bytes]:
    """Write a seal, line by line, over heads given in the order of their names."""
    first = _written(header)
    hash_, logs, events = sha256(first), 0, 0
    yield first
    async for head in heads:
        line = _written(head)
        hash_.update(line)
        logs += 1
        events += head.sequence
        yield line
    yield _written(SealFooter(logs=logs, events=events, sha256=hash_.hexdigest()))


def read_header(file: BinaryIO) -> SealHeader:
    """Read what a seal says of itself.

    Raises:
        DamagedFileError: It is no seal.
    """
    reader = LineReader(file)
    return reader.decode(next(iter(reader), b""), _header_decoder)


def read_heads(file: BinaryIO) -> Iterator[SealedHead]:
    """Read the lines of a seal; only at the end is it known that nobody has changed it.

    Raises:
        DamagedFileError: It is no seal, or not whole, or changed.
    """
    reader = LineReader(file)
    lines = iter(reader)
    reader.decode(next(lines, b""), _header_decoder)
    logs, events, before = 0, 0, ""
    for line in lines:
        head = reader.decode(line, _head_decoder)
        if head.log <= before:
            reason = "its log does not come after the one before it"
            raise reader.damaged(reason)
        logs, events, before = logs + 1, events + head.sequence, head.log
        yield head
    footer = reader.decode(reader.closing, _footer_decoder)
    if footer != SealFooter(logs=logs, events=events, sha256=reader.sha256):
        reason = "its hash is not that of the lines before it"
        raise reader.damaged(reason)


def check_seal(file: BinaryIO) -> None:
    """Make sure that a seal is as it was made.

    Raises:
        DamagedFileError: It is no seal, or not whole, or changed.
    """
    for _ in read_heads(file):
        pass


def _written(line: SealHeader | SealedHead | SealFooter) -> bytes:
    return msgspec.json.encode(line) + b"\n"
