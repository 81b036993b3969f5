"""The only source of unique ids."""

import os
import time

_VERSION_7 = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM = ~(0xF << 76 | 0b11 << 62) & (1 << 80) - 1


def new_id() -> str:
    """Make a UUIDv7 (RFC 9562): unique without coordination, and sorted by the time it was made."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10)) & _RANDOM
    digits = f"{milliseconds << 80 | _VERSION_7 | _VARIANT | random:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
