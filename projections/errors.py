"""What can go wrong between the log and the read tables."""

from events.envelope import LoggedEvent


class ProjectionError(Exception):
    """The root of everything that can go wrong with a read table."""


class MismatchedTableError(ProjectionError):
    """A projection's rows and its read table do not have the same columns in the same order."""

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__(
            f"The fields of projection {projection}'s row are not the columns of its table, or the "
            "table is called otherwise; make them agree."
        )


class UnknownIgnoredError(ProjectionError):
    """A projection ignores something that is no event type."""

    def __init__(self, projection: str, unknown: list[str]) -> None:
        self.projection = projection
        self.unknown = unknown
        super().__init__(
            f"Projection {projection} ignores {', '.join(unknown)}, which is no event."
        )


class UnhandledEventError(ProjectionError):
    """A projection neither handles an event type nor says that it ignores it."""

    def __init__(self, projection: str, event: LoggedEvent) -> None:
        self.projection = projection
        self.type = type(event.payload).__name__
        super().__init__(
            f"Projection {projection} does not know what to do with {self.type}; handle it, or "
            "list it as ignored."
        )


class MissingRowError(ProjectionError):
    """An event changes a row that the read table does not hold."""

    def __init__(self, projection: str, event: LoggedEvent) -> None:
        self.projection = projection
        self.user_id = event.user_id
        self.sequence = event.sequence
        super().__init__(
            f"Projection {projection} has no row for event {event.sequence} of user "
            f"{event.user_id}; its table does not match history and must be rebuilt."
        )


class CannotApplyError(ProjectionError):
    """A projection cannot apply an event; nothing is written, so that none is passed over."""

    def __init__(self, projection: str, event: LoggedEvent) -> None:
        self.projection = projection
        self.user_id = event.user_id
        self.sequence = event.sequence
        self.type = type(event.payload).__name__
        super().__init__(
            f"Projection {projection} cannot apply event {event.sequence} of user "
            f"{event.user_id} ({self.type})."
        )


class StaleCodeError(ProjectionError):
    """A read table was filled by a newer version of its projection than this code has."""

    def __init__(self, projection: str, *, found: int, known: int) -> None:
        self.projection = projection
        self.found = found
        self.known = known
        super().__init__(
            f"The table of projection {projection} was filled by its version {found} and this "
            f"Taskfold has version {known}; run a newer Taskfold, or roll the projection back."
        )
