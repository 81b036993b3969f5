"""Reading HTTP responses from a connection with as little work as can be."""

from collections.abc import Callable

import httptools


class Responses:
    """Takes bytes as they come, and tells of each whole response its status, ETag and body."""

    def __init__(self, whole: Callable[[int, bytes, bytes], None]) -> None:
        self._whole = whole
        self._parser = httptools.HttpResponseParser(self)
        self._etag = b""
        self._body = b""

    def feed(self, data: bytes) -> None:
        """Take what came."""
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep the one header that is of use."""
        if len(name) == len(b"etag") and name.lower() == b"etag":
            self._etag = value

    def on_body(self, part: bytes) -> None:
        """Keep a part of the body."""
        self._body += part

    def on_message_complete(self) -> None:
        """Tell of the response."""
        etag, body, self._etag, self._body = self._etag, self._body, b"", b""
        self._whole(self._parser.get_status_code(), etag, body)
