"""Why somebody is not served a stream, or what has changed: one class per reason."""

from api.http.errors import HttpError


class TooManyStreamsError(HttpError):
    """A user wants more streams at once than they may have."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"You have {limit} streams open, which is the most; close one.")


class StreamsFullError(HttpError):
    """The process has as many streams as it may, or takes no more because it is stopping."""

    def __init__(self) -> None:
        super().__init__("No more streams are opened here at the moment.")


class TokenGoneError(HttpError):
    """What a sync token was given for is no longer there to be compared with."""

    def __init__(self) -> None:
        super().__init__("The changes since that token cannot be told any more.")
