"""What can go wrong between the log and those who read or write it."""


class EventLogError(Exception):
    """The root of everything that can go wrong with the log."""


class DatabaseUnreachableError(EventLogError):
    """No connection to PostgreSQL could be had."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"PostgreSQL cannot be reached through DATABASE_URL: {reason}.")


class UnknownEventTypeError(EventLogError):
    """The log holds an event that this version of the code cannot read."""

    def __init__(self, type_: str, schema_version: int) -> None:
        self.type = type_
        self.schema_version = schema_version
        super().__init__(
            f"No event type {type_!r} with schema version {schema_version} is known here; "
            "run a version of Taskfold at least as new as the one that wrote it."
        )


class UnreadableEventError(EventLogError):
    """An event's payload does not have the shape its type demands."""

    def __init__(self, type_: str, schema_version: int, reason: str) -> None:
        self.type = type_
        self.schema_version = schema_version
        self.reason = reason
        super().__init__(
            f"A payload of {type_} schema version {schema_version} is damaged: {reason}."
        )
