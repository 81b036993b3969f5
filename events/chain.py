"""The hash chain of a user's log: what makes an edit, a removal or a reordering visible.

An event's digest covers what it says (payload and metadata); its chain value covers where it
stands, its digest and the chain value before it. Erasing a person's data can therefore empty a
payload and keep its digest: the chain still verifies.
"""

from datetime import UTC, datetime
from hashlib import sha256

import rfc8785

GENESIS = bytes(32)
"""The chain value before a user's first event."""


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
    place = {
        "recorded_at": instant(recorded_at),
        "schema_version": schema_version,
        "sequence": sequence,
        "task_id": task_id,
        "type": type_,
        "user_id": user_id,
        "version": version,
    }
    return sha256(previous + digest + rfc8785.dumps(place)).digest()


def instant(moment: datetime) -> str:
    """Write an instant as the chain hashes it: UTC, six decimals, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
