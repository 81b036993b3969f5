"""Cursors of lists: opaque outside, the number of the last task seen inside."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from api.http.errors import MalformedCursorError
from api.http.task_number import task_number

_PREFIX = "before="


def cursor(before: int) -> str:
    """Make the cursor of the page whose tasks have lower numbers than this."""
    return urlsafe_b64encode(f"{_PREFIX}{before}".encode()).rstrip(b"=").decode()


def before(cursor: str) -> int:
    """Read a cursor.

    Raises:
        MalformedCursorError: No list gave it out.
    """
    padding = "=" * (-len(cursor) % 4)
    try:
        inside = urlsafe_b64decode(cursor + padding).decode()
    except ValueError as error:
        raise MalformedCursorError from error
    number = task_number(inside.removeprefix(_PREFIX)) if inside.startswith(_PREFIX) else None
    if number is None:
        raise MalformedCursorError
    return number
