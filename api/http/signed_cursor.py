"""Cursors that hold a whole question: opaque outside, signed, and good for one person alone."""

from dataclasses import dataclass

import msgspec

from api.http.errors import MalformedCursorError
from api.signed_text import sealed, unsealed


class Bookmark(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Where a list goes on.

    Attributes:
        asked: What the first page was asked for; a list does not change on the way.
        began_at: When that was, RFC 3339: what is overdue is so since then.
        key: What the last task shown is sorted by.
        task_id: Its number.
        as_of: After which event the list is as it was; None when it is the list as it is.
    """

    asked: dict[str, str | list[str] | bool]
    began_at: str
    key: str | float | None
    task_id: int
    as_of: int | None = None


_decoder = msgspec.json.Decoder(Bookmark)


@dataclass(frozen=True, slots=True)
class CursorSigner:
    """Signs with a key that every process on the database has."""

    key: bytes

    def write(self, user_id: str, bookmark: Bookmark) -> str:
        """Make a person's cursor."""
        return sealed(self.key, ("tasks", user_id), msgspec.json.encode(bookmark))

    def read(self, user_id: str, cursor: str) -> Bookmark:
        """Read a person's cursor.

        Raises:
            MalformedCursorError: It was not made here, was changed since, or is somebody else's.
        """
        inside = unsealed(self.key, ("tasks", user_id), cursor)
        if inside is None:
            raise MalformedCursorError
        return _decoder.decode(inside)
