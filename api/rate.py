"""How often something may be done, as operators write it: 600/minute."""

import re
from dataclasses import dataclass
from typing import override

SECONDS = {"second": 1, "minute": 60, "hour": 3_600}

_RATE = re.compile(r"([1-9][0-9]{0,8})/(second|minute|hour)")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times in a window of so many seconds."""

    quota: int
    seconds: int

    @override
    def __str__(self) -> str:
        """Write it as operators do."""
        unit = next(name for name, seconds in SECONDS.items() if seconds == self.seconds)
        return f"{self.quota}/{unit}"


def rate(value: object) -> object:
    """Read a rate; nothing means that there is no limit, and what is no text is left alone."""
    if not isinstance(value, str):
        return value
    if not value.strip():
        return None
    found = _RATE.fullmatch(value.strip())
    if found is None:
        reason = "must be a number per second, minute or hour, such as 600/minute, or empty"
        raise ValueError(reason)
    return Rate(int(found[1]), SECONDS[found[2]])
