"""How long something lasts, as people write it on a command line."""

import re
from datetime import timedelta

import typer

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=3_650)


def lifetime(text: str) -> timedelta:
    """Read `90s`, `30m`, `12h` or `7d`.

    Raises:
        typer.BadParameter: It is written otherwise, is nothing, or is more than ten years.
    """
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text.strip())
    span = timedelta(**{UNITS[found[2]]: int(found[1])}) if found else timedelta()
    if not timedelta() < span <= LONGEST:
        message = "write a number and a unit, such as 90s, 30m, 12h or 7d (at most 3650d)"
        raise typer.BadParameter(message)
    return span
