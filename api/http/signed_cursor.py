"""Cursors that hold a whole question: opaque outside, signed, and good for one person alone."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import msgspec

from api.http.errors import MalformedCursorError

_SIGNATURE = 16
"""Bytes of the HMAC that are kept."""


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
        inside = msgspec.json.encode(bookmark)
        return urlsafe_b64encode(self._signature(user_id, inside) + inside).rstrip(b"=").decode()

    def read(self, user_id: str, cursor: str) -> Bookmark:
        """Read a person's cursor.

        Raises:
            MalformedCursorError: It was not made here, was changed since, or is somebody else's.
        """
        try:
            whole = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        except ValueError as error:
            raise MalformedCursorError from error
        signature, inside = whole[:_SIGNATURE], whole[_SIGNATURE:]
        if not hmac.compare_digest(signature, self._signature(user_id, inside)):
            raise MalformedCursorError
        return _decoder.decode(inside)

    def _signature(self, user_id: str, inside: bytes) -> bytes:
        signed = msgspec.json.encode(["tasks", user_id]) + inside
        return hmac.digest(self.key, signed, "sha256")[:_SIGNATURE]
