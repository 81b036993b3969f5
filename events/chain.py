"""The hash chain of a user's log: what makes an edit, a removal or a reordering visible.

An event's digest covers what it says (payload and metadata); its chain value covers where it
stands, its digest and the chain value before it. Erasing a person's data can therefore empty a
payload and keep its digest: the chain still verifies.
"""

from datetime import UTC, datetime
from hashlib import sha256

from events.canonical import canonical

GENESIS = bytes(32)
"""The chain value before a user's first event."""

_PLACE = (
    b'{"recorded_at":"%b","schema_version":%d,"sequence":%d,"task_id":%d,'
    b'"type":%b,"user_id":%b,"version":%d}'
)
"""An event's place as canonical JSON, written out because it is hashed for every event."""


def content_digest(data: bytes, metadata: bytes) -> bytes:
    """Hash what an event says, both parts given as canonical JSON."""
    return sha256(b'{"data":%b,"metadata":%b}' % (data, metadata)).digest()


def link(
    previous: bytes,
    digest: bytes,
    *,
    user_id: str,
    sequence: int,
    task_id: int,
    version: int,
    type_: str,
    schema_version: int,
    recorded_at: datetime,
) -> bytes:
    """Hash an event's place and digest onto the chain value before it.

    The hash is SHA-256 over `previous`, then `digest`, then the place as canonical JSON.
    """
    place = _PLACE % (
        instant(recorded_at).encode(),
        schema_version,
        sequence,
        task_id,
        canonical(type_),
        canonical(user_id),
        version,
    )
    return sha256(previous + digest + place).digest()


def instant(moment: datetime) -> str:
    """Write an instant as the chain hashes it: UTC, six decimals, `Z`."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return f"{naive.isoformat(timespec='microseconds')}Z"
