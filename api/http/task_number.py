"""Numbers of tasks and events, in the one spelling that addresses and cursors use."""

import re

LARGEST = 2**63 - 1
"""What PostgreSQL's bigint holds."""

BATCH = "batch"
"""What stands beside the tasks, where one's number could."""

_SPELLING = re.compile(r"[1-9][0-9]{0,18}")


def task_number(text: str) -> int | None:
    """Read a number; None when no task or event can have it."""
    if not _SPELLING.fullmatch(text) or int(text) > LARGEST:
        return None
    return int(text)
