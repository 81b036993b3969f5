"""Cursors of lists: opaque outside, the place of the last task seen inside."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from api.http.errors import MalformedCursorError

_INSIDE = re.compile(rb"before=([1-9][0-9]{0,18})")


def cursor(before: int) -> str:
    """Make the cursor of the page whose tasks have lower numbers than this."""
    return urlsafe_b64encode(b"before=%d" % before).rstrip(b"=").decode()


def before(cursor: str) -> int:
    """Read a cursor.

    Raises:
        MalformedCursorError: No list gave it out.
    """
    padding = "=" * (-len(cursor) % 4)
    try:
        inside = _INSIDE.fullmatch(urlsafe_b64decode(cursor + padding))
    except (Error, ValueError) as error:
        raise MalformedCursorError from error
    if inside is None:
        raise MalformedCursorError
    return int(inside[1])
