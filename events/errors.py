"""What can go wrong between the log and those who read or write it."""

from events.finding import Finding


class EventLogError(Exception):
    """The root of everything that can go wrong with the log."""


class DatabaseUnreachableError(EventLogError):
    """No connection to PostgreSQL could be had."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"PostgreSQL cannot be reached through DATABASE_URL: {reason}.")


class UnboundableUserError(EventLogError):
    """Nothing can be bound to a user of such an id."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(
            f"The user id {user_id!r} is empty or holds control characters; no row can be its own."
        )


class NotCanonicalError(EventLogError):
    """A value has no canonical JSON form."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The value cannot be written as canonical JSON: {reason}.")


class UnknownEventTypeError(EventLogError):
    """The log holds an event that this version of the code cannot read."""

    def __init__(self, type_: str, schema_version: int) -> None:
        self.type = type_
        self.schema_version = schema_version
        super().__init__(
            f"No event type {type_!r} with schema version {schema_version} is known here; "
            "run a version of Taskfold at least as new as the one that wrote it."
        )


class MissingUpcasterError(EventLogError):
    """A schema version is older than today's, and nothing leads on from it."""

    def __init__(self, type_: str, schema_version: int) -> None:
        self.type = type_
        self.schema_version = schema_version
        super().__init__(
            f"Schema version {schema_version} of {type_} has no upcaster to version "
            f"{schema_version + 1}; add the step to events/upcasters.py."
        )


class DamagedPayloadError(EventLogError):
    """An event's payload does not have the shape its type demands."""

    def __init__(self, type_: str, schema_version: int, reason: str) -> None:
        self.type = type_
        self.schema_version = schema_version
        self.reason = reason
        super().__init__(
            f"A payload of {type_} schema version {schema_version} is damaged: {reason}."
        )


class DamagedMetadataError(EventLogError):
    """An event's metadata does not say what it must."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The metadata of an event is damaged: {reason}.")


class UnreadableEventError(EventLogError):
    """A reader met an event it cannot read, and stopped there so that none is skipped."""

    def __init__(self, user_id: str, sequence: int, reason: EventLogError) -> None:
        self.user_id = user_id
        self.sequence = sequence
        self.reason = reason
        super().__init__(f"Event {sequence} of user {user_id} cannot be read. {reason}")


class DamagedFileError(EventLogError):
    """A file that was to be read is not as Taskfold wrote it."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(f"The file is not as Taskfold wrote it, at line {line}: {reason}.")


class UnverifiedExportError(EventLogError):
    """An export holds a log whose chain does not verify."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(f"The export does not verify, so nothing was written. {finding}")


class NotEmptyError(EventLogError):
    """An import was asked for where something is already."""

    def __init__(self) -> None:
        super().__init__("The database holds events already; import into an empty one.")


class UsedPositionsError(EventLogError):
    """An import was asked for where readers may be past its first position already."""

    def __init__(self, first: int, last_given: int) -> None:
        self.first = first
        self.last_given = last_given
        super().__init__(
            f"The database has given out its positions up to {last_given} and the export begins at "
            f"{first}, so readers could pass over it; import into a newly made database."
        )


class RefusedExportError(EventLogError):
    """PostgreSQL cannot hold what an export holds, such as one log in two places of the file."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"PostgreSQL refuses what the export holds ({reason}), so nothing was written; "
            "make the export again."
        )
