"""What can go wrong between the log and the read tables."""

from events.envelope import RecordedEvent


class ProjectionError(Exception):
    """The root of everything that can go wrong with a read table."""


class MissingRowError(ProjectionError):
    """An event changes a row that the read table does not hold."""

    def __init__(self, projection: str, event: RecordedEvent) -> None:
        self.projection = projection
        self.user_id = event.user_id
        self.sequence = event.sequence
        super().__init__(
            f"Projection {projection} has no row for event {event.sequence} of user "
            f"{event.user_id}; its table does not match history and must be rebuilt."
        )
