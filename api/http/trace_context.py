"""traceparent (W3C Trace Context): the trace that a request belongs to."""

import re

HEADER = "traceparent"

_FORM = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<parent>[0-9a-f]{16})-[0-9a-f]{2}"
    r"(?P<more>-.*)?"
)


def trace_id(fields: list[str]) -> str | None:
    """Give the id of the trace; None when there is no header, or none that follows the rules."""
    found = _FORM.fullmatch(fields[0]) if len(fields) == 1 else None
    if found is None or found["version"] == "ff":
        return None
    # Later versions may say more; this one may not.
    if found["version"] == "00" and found["more"]:
        return None
    if not (found["trace"].strip("0") and found["parent"].strip("0")):
        return None
    return found["trace"]
