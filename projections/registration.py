"""Making the projections of this version of the code known to a database."""

import psycopg

from events.barrier import KEY
from events.database import Connection
from events.statements import statement
from projections.errors import StaleCodeError
from projections.generation import State, find_generations
from projections.projection import Mode
from projections.registry import PROJECTIONS

_CLOSE_BARRIER = statement("events", "close_barrier")
_REGISTER = statement("projections", "register")


async def register(connection: Connection) -> None:
    """Give every projection that a database does not know yet its first generation.

    Its table is as the migration has left it: right for a projection that begins with the first
    event, and to be filled by a rebuild when there is history already.

    Raises:
        StaleCodeError: A table was filled by a newer version of its projection.
    """
    known = {
        each.name: each for each in await find_generations(connection) if each.state is State.LIVE
    }
    for name, projection in PROJECTIONS.items():
        if name not in known:
            await _add(connection, name, projection.version, projection.mode)
        elif known[name].version > projection.version:
            raise StaleCodeError(name, found=known[name].version, known=projection.version)


async def _add(connection: Connection, name: str, version: int, mode: Mode) -> None:
    # As one message, which PostgreSQL carries out as one transaction; see events/barrier.py. With
    # the barrier closed, nobody has events on the way while it is looked whether there are any.
    await psycopg.AsyncClientCursor(connection).execute(
        f"{_CLOSE_BARRIER};\n{_REGISTER}",
        {"key": KEY, "name": name, "version": version, "inline": mode is Mode.INLINE},
    )
