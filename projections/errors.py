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
            f"{event.user_id} ({self.type}); run a Taskfold that can, or pass over it with --skip."
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


class NotFilledError(ProjectionError):
    """A read table that came to a log with a past does not hold that past yet."""

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__(
            f"The table of projection {projection} is not filled from history yet; run "
            f"`taskfold projections rebuild {projection}`."
        )


class NotThereError(ProjectionError):
    """A projection has no generation in the state that something is asked of."""

    def __init__(self, projection: str, state: str) -> None:
        self.projection = projection
        self.state = state
        super().__init__(
            f"Projection {projection} has no table that is {state}; `taskfold projections list` "
            "shows what it has, and `taskfold migrate` makes a new projection known."
        )


class UnknownProjectionError(ProjectionError):
    """A projection was named that there is not."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"There is no projection {name!r}; there are {', '.join(known)}.")


class InlineProjectionError(ProjectionError):
    """Something was asked of an inline projection that only a projector could do."""

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__(
            f"Projection {projection} is written in the transaction of each append, so it is never "
            "behind, and can be neither run nor paused nor resumed."
        )


class NotFailedThereError(ProjectionError):
    """An event was to be skipped that is not the one a projection stopped at."""

    def __init__(self, projection: str, user_id: str, sequence: int) -> None:
        self.projection = projection
        self.user_id = user_id
        self.sequence = sequence
        super().__init__(
            f"Projection {projection} did not stop at event {sequence} of user {user_id}, and only "
            "the event it stopped at can be skipped; `taskfold projections list` names it."
        )


class LeaseLostError(ProjectionError):
    """A projector is about to write a read table that is not its to write any more."""

    def __init__(self, projection: str) -> None:
        self.projection = projection
        super().__init__(
            f"Projection {projection} was paused, switched or taken over; look at it anew."
        )


class SupersededError(ProjectionError):
    """The live inline tables are not those that this version of the code writes."""

    def __init__(self) -> None:
        super().__init__(
            "The live read tables are not those of this version of Taskfold, so nothing was "
            "recorded; rebuild them with the newest version, and stop processes of others."
        )
