"""Places in a log as streams name them: a sequence, and what tells this log from any other."""

import re

from api.http.task_number import task_number

MARK = 8
"""Bytes of a chain value that tell one log from another."""

_SPELLING = re.compile(rf"([0-9]{{1,19}})(?:-([0-9a-f]{{{2 * MARK}}}))?")


def write_place(sequence: int, chain: bytes) -> str:
    """Name a place by its sequence and the beginning of the chain value there."""
    return f"{sequence}-{chain[:MARK].hex()}" if sequence else "0"


def read_place(text: str) -> tuple[int, bytes | None] | None:
    """Read a place, which may be a sequence alone; None when it can be in no log."""
    found = _SPELLING.fullmatch(text)
    if found is None:
        return None
    sequence = 0 if found[1] == "0" else task_number(found[1])
    if sequence is None:
        return None
    return sequence, None if found[2] is None else bytes.fromhex(found[2])
