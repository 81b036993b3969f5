"""The only source of unique ids."""

import os
import time

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM = ((1 << 76) - 1) ^ (0b11 << 62)
"""The bits of a UUIDv7 that are neither time nor version nor variant."""


def new_id() -> str:
    """Make a UUIDv7 (RFC 9562): unique without coordination, and sorted by the time it was made."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10)) & _RANDOM
    text = f"{milliseconds << 80 | _VERSION_7 | _VARIANT | random:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
