"""Which projections need somebody to look after them; says nothing of whose events they are."""

from dataclasses import dataclass

from events.database import Connection
from events.statements import statement
from projections.following.lease import Failure
from projections.status.status import ProjectionStatus
from projections.status.statuses import find_statuses

_FIND_EVENT = statement("projections.status", "find_event")
_SUM_DIFFERENCES = statement("projections.status", "sum_differences")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedEvent:
    """The event a projection stopped at, without whose it is.

    Attributes:
        position: Its place in the whole store.
        sequence: Its place in its user's log.
        type: What happened.
    """

    position: int
    sequence: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionHealth:
    """How one projection is.

    Attributes:
        status: Everything that is known of it.
        failed_event: What it stopped at.
        differences: In how many rows a rebuild under way has found tables not to equal history.
    """

    status: ProjectionStatus
    failed_event: FailedEvent | None
    differences: int

    @property
    def is_outdated(self) -> bool:
        """Whether its live table is not what this version of the code makes of history."""
        return self.status.live_version < self.status.version

    @property
    def is_well(self) -> bool:
        """Whether nobody need look after it; a pause was somebody's wish."""
        stopped = self.status.failure is not None or self.status.failed_at is not None
        return not (stopped or self.is_outdated or self.differences)


async def find_health(connection: Connection) -> list[ProjectionHealth]:
    """Say how every projection is, at a cost that does not grow with the log."""
    differences = await _sum_differences(connection)
    return [
        ProjectionHealth(
            status=status,
            failed_event=await _failed_event(connection, status.failure),
            differences=differences.get(status.name, 0),
        )
        for status in await find_statuses(connection)
    ]


async def _sum_differences(connection: Connection) -> dict[str, int]:
    cursor = await connection.execute(_SUM_DIFFERENCES)
    return {str(name): int(str(count)) for name, count in await cursor.fetchall()}


async def _failed_event(connection: Connection, failure: Failure | None) -> FailedEvent | None:
    if failure is None:
        return None
    place = {"user_id": failure.user_id, "sequence": failure.sequence}
    cursor = await connection.execute(_FIND_EVENT, place)
    match await cursor.fetchone():
        case (int() as position, str() as type_):
            return FailedEvent(position=position, sequence=failure.sequence, type=type_)
        case _:
            return None
