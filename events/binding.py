"""Binding what is asked of PostgreSQL to users: unbound, nobody is shown their rows.

Row-level security compares every row with a setting of the transaction, and the transaction runs
as a role that it binds. Both end with the transaction, so a pooler may stand between. The types
here are what the rest of the code asks for, so that what a user wants cannot be asked unbound.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import LiteralString, NewType

from psycopg import AsyncConnection
from psycopg.rows import AsyncRowFactory, args_row

from events.database import Connection
from events.errors import UnboundableUserError
from events.lookup import Lookup, Value
from events.statements import statement

BoundConnection = NewType("BoundConnection", AsyncConnection[tuple[object, ...]])
"""A connection whose transaction reaches the rows of the users it was bound to, and no others."""

_BIND_USER = statement("events", "bind_user")
_BIND_USERS = statement("events", "bind_users")

_SEPARATOR = "\n"


async def bind(connection: Connection, user_ids: Iterable[str]) -> BoundConnection:
    """Bind the transaction a connection is in to some users.

    Raises:
        UnboundableUserError: An id could be taken for several.
    """
    await connection.execute(_BIND_USERS, {"user_ids": listed(user_ids)})
    return BoundConnection(connection)


def listed(user_ids: Iterable[str]) -> str:
    """Write users as the setting lists them that a transaction is bound by.

    Raises:
        UnboundableUserError: An id could be taken for several.
    """
    wanted = list(user_ids)
    for user_id in wanted:
        check_user_id(user_id)
    return _SEPARATOR.join(["", *wanted, ""])


@dataclass(frozen=True, slots=True)
class UserReader:
    """What reads one user's rows: whatever it asks, no others are there.

    Attributes:
        connection: Where; in no transaction.
        user_id: Whose rows.
    """

    connection: Connection
    user_id: str

    def __post_init__(self) -> None:
        """Refuse what is nobody's id.

        Raises:
            UnboundableUserError: It is none.
        """
        check_user_id(self.user_id)

    async def look_up[T](self, lookup: Lookup[T], asked: Mapping[str, Value]) -> list[T]:
        """Give all rows a lookup brings."""
        return await self.rows(lookup.query, asked, args_row(lookup.make))

    async def rows[T](
        self,
        query: LiteralString | bytes,
        asked: Mapping[str, object],
        row_factory: AsyncRowFactory[T],
        *,
        prepare: bool | None = None,
    ) -> list[T]:
        """Give all rows a query brings; it finds the user under the name `user_id`.

        The binding and the query travel together and are one transaction, the pipeline's own.
        """
        cursor = self.connection.cursor(row_factory=row_factory)
        async with self.connection.pipeline():
            await self.connection.execute(_BIND_USER, {"user_id": self.user_id})
            await cursor.execute(query, {**asked, "user_id": self.user_id}, prepare=prepare)
        return await cursor.fetchall()


def check_user_id(user_id: str) -> None:
    """Refuse what is nobody's id.

    Raises:
        UnboundableUserError: It is none.
    """
    # The setting is a list, and empty means that nobody is set.
    if not user_id or _SEPARATOR in user_id:
        raise UnboundableUserError(user_id)
