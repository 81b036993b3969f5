"""The only source of unique ids."""

import secrets
import time
from uuid import UUID

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62


def new_id() -> str:
    """Make a UUIDv7 (RFC 9562): unique without coordination, and sorted by the time it was made."""
    milliseconds = time.time_ns() // 1_000_000
    random_a, random_b = secrets.randbits(12), secrets.randbits(62)
    return str(UUID(int=milliseconds << 80 | _VERSION_7 | random_a << 64 | _VARIANT | random_b))
