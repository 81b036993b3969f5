"""Stopping a projection, and ways on for one that has stopped."""

from dataclasses import dataclass

from events.database import Connection
from events.statements import statement
from projections.errors import InlineProjectionError, NotFailedThereError
from projections.projection import Mode
from projections.registry import AnyProjection, find_projection

_PAUSE = statement("projections.following", "pause_projection")
_RESUME = statement("projections.following", "resume_projection")
_SKIP = statement("projections.following", "skip_event")
_UNSKIP = statement("projections.following", "unskip_event")


@dataclass(frozen=True, slots=True)
class EventPlace:
    """Where an event is: whose log, and where in it."""

    user_id: str
    sequence: int


def async_projection(name: str) -> AnyProjection:
    """Find an async projection by its name.

    Raises:
        UnknownProjectionError: There is none of that name.
        InlineProjectionError: It is inline.
    """
    projection = find_projection(name)
    if projection.mode is Mode.INLINE:
        raise InlineProjectionError(name)
    return projection


async def pause(connection: Connection, name: str) -> bool:
    """Have nobody carry a projection on; False if it had stopped already."""
    return (await connection.execute(_PAUSE, {"name": name})).rowcount > 0


async def resume(connection: Connection, name: str, *, skip: EventPlace | None = None) -> bool:
    """Have a projection carried on from where it stopped; False if it had not stopped.

    Args:
        connection: Where.
        name: The projection.
        skip: The event it stopped at, to be passed over, which is noted for ever.

    Raises:
        NotFailedThereError: It did not stop at that event; nothing has changed.
    """
    async with connection.transaction():
        if skip is not None:
            await skip_event(connection, name, skip)
        return (await connection.execute(_RESUME, {"name": name})).rowcount > 0


async def skip_event(connection: Connection, name: str, event: EventPlace) -> None:
    """Have whoever folds a projection pass over an event, which is noted for ever.

    Raises:
        NotFailedThereError: Neither the projection nor its rebuild has stopped at that event.
    """
    noted = await connection.execute(
        _SKIP, {"name": name, "user_id": event.user_id, "sequence": event.sequence}
    )
    if noted.rowcount == 0:
        raise NotFailedThereError(name, event.user_id, event.sequence)


async def unskip_event(connection: Connection, name: str, event: EventPlace) -> bool:
    """Have whoever folds a projection no longer pass over an event; False if nobody did.

    A table that was made without it stays as it is until it is rebuilt.
    """
    cursor = await connection.execute(
        _UNSKIP, {"name": name, "user_id": event.user_id, "sequence": event.sequence}
    )
    return cursor.rowcount > 0
