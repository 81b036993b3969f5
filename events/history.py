"""Reading history to fold it: the logs of a range of users, each in order, in bounded memory."""

from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self, cast

from events.codec import decode, decode_metadata
from events.database import Connection
from events.envelope import PlacedEvent
from events.errors import EventLogError, UnreadableEventError
from events.reader import PositionedEvent
from events.statements import statement

PAGE = 5_000
"""Events read at once: bounds memory, and is enough to make the round trip cheap."""

LAST_POSITION = 2**63 - 1
"""No position is beyond it."""

FIRST_USER, LAST_USER = "", "\U0010ffff"
"""Every user id lies between these, in byte order: ids are printable, and never empty."""

type Columns = tuple[int, str, int, int, int, str, int, str, str, datetime]
"""What is read of an event: position, user, sequence, task, version, type, schema version, data,
metadata, instant."""

_READ_HISTORY = statement("events", "read_history")
_NEXT_USERS = statement("events", "next_users")


@dataclass(frozen=True, slots=True)
class UserRange:
    """The users whose ids come after one, up to and with another, in byte order.

    `including` takes the first one in as well.
    """

    after: str = FIRST_USER
    until: str = LAST_USER
    including: bool = False

    @classmethod
    def of(cls, user_id: str) -> Self:
        """Give the range of one user."""
        return cls(user_id, user_id, including=True)


async def read_history(
    connection: Connection,
    users: UserRange,
    *,
    until: int = LAST_POSITION,
    skipped: Collection[tuple[str, int]] = frozenset(),
) -> AsyncGenerator[list[PlacedEvent]]:
    """Read the logs of a range of users, page by page, as far as a position.

    Args:
        connection: Where.
        users: Whose logs.
        until: The last position to be read.
        skipped: Events left out, by user and sequence; they need not even be readable.

    Raises:
        UnreadableEventError: An event cannot be read by this version of the code.
    """
    user_id, sequence = users.after, 0 if users.including else LAST_POSITION
    # Tuples in binary: this is the inner loop of every replay.
    cursor = connection.cursor(binary=True)
    rows: list[Columns] | None = None
    while rows is None or len(rows) == PAGE:
        await cursor.execute(
            _READ_HISTORY,
            {
                "user_id": user_id,
                "sequence": sequence,
                "last_user": users.until,
                "until": until,
                "limit": PAGE,
            },
        )
        rows = cast("list[Columns]", await cursor.fetchall())
        page = [_placed(*row) for row in rows if not skipped or row[1:3] not in skipped]
        if page:
            yield page
        if rows:
            _, user_id, sequence, *_ = rows[-1]


async def next_users(connection: Connection, users: UserRange, *, events: int) -> UserRange | None:
    """Give the first users of a range whose logs hold about so many events together, at least one.

    None when the range holds no log any more.
    """
    cursor = await connection.execute(
        _NEXT_USERS, {"after": users.after, "until": users.until, "events": events}
    )
    match await cursor.fetchone():
        case (str() as last,):
            return UserRange(users.after, last)
        case _:
            return None


def placed(row: PositionedEvent) -> PlacedEvent:
    """Decode a row of the log for those who fold it.

    Raises:
        UnreadableEventError: The event's type is unknown to this version of the code, or its
            payload or metadata is damaged.
    """
    return _placed(
        row.position,
        row.user_id,
        row.sequence,
        row.task_id,
        row.version,
        row.type,
        row.schema_version,
        row.data,
        row.metadata,
        row.recorded_at,
    )


def _placed(
    position: int,
    user_id: str,
    sequence: int,
    task_id: int,
    version: int,
    type_: str,
    schema_version: int,
    data: str,
    metadata: str,
    recorded_at: datetime,
) -> PlacedEvent:
    try:
        payload = decode(type_, schema_version, data)
        known = decode_metadata(metadata)
    except EventLogError as error:
        raise UnreadableEventError(user_id, sequence, error) from error
    return PlacedEvent(
        user_id=user_id,
        sequence=sequence,
        task_id=task_id,
        version=version,
        payload=payload,
        metadata=known,
        recorded_at=recorded_at,
        position=position,
    )
