"""Cursors of lists: opaque outside; inside, which list it is and the number last seen in it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from api.http.errors import MalformedCursorError
from api.http.task_number import task_number


def cursor(of: str, seen: int) -> str:
    """Make the cursor that leads on in a list after the item with a number."""
    return urlsafe_b64encode(f"{of}={seen}".encode()).rstrip(b"=").decode()


def seen(of: str, cursor: str) -> int:
    """Read a cursor: give the number of the last item seen in a list.

    Raises:
        MalformedCursorError: This list never gave it out.
    """
    padding = "=" * (-len(cursor) % 4)
    try:
        inside = urlsafe_b64decode(cursor + padding).decode()
    except ValueError as error:
        raise MalformedCursorError from error
    list_, _, text = inside.partition("=")
    number = task_number(text) if list_ == of else None
    if number is None:
        raise MalformedCursorError
    return number
