"""The generations of a projection: the tables of rows it has, and how far each of them is.

A generation is one table. The live one has the projection's name; a rebuild makes the next, and
the one before is kept until it is dropped. All that is known of them stands in
`taskfold.projection`, and changes by compare-and-set in the transaction that writes the rows.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg import AsyncCursor
from psycopg.rows import class_row

from events.database import Connection
from events.statements import statement

UNFILLED = 0
"""The version of a table that nobody has filled yet."""

_FIND = statement("projections", "find_generations")


class State(StrEnum):
    """What a generation is to its projection."""

    LIVE = "live"
    """Queries are answered from it."""
    BUILDING = "building"
    """A rebuild is making it."""
    PREVIOUS = "previous"
    """It was live before, and can be again."""


class Phase(StrEnum):
    """What is being done to a generation that is not live, in this order."""

    REPLAYING = "replaying"
    """History is folded into it, part by part."""
    INDEXING = "indexing"
    """Its indexes are built."""
    FOLLOWING = "following"
    """What has happened meanwhile is folded into it."""
    VERIFYING = "verifying"
    """It is compared with history and with the live table, part by part."""
    SWITCHING = "switching"
    """It is about to become the live one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A row of `taskfold.projection`.

    Attributes:
        name: The projection.
        generation: Counts the projection's tables.
        version: The version of the code that has filled it; 0 for a table nobody has filled yet.
        state: What it is to its projection.
        position: Everything up to here is in it; without meaning for a live inline one, which has
            everything.
        owner: The projector that follows the log for it, or the last one that did.
        owned_until: Until when, unless it says so again.
        paused_at: Since when nobody may, if so.
        failed_at: When an event could not be applied, if one could not.
        failed_user_id: Whose event it is.
        failed_sequence: Its place in that log.
        failure: Why, without a word of what the event says.
        phase: What a rebuild or rollback is doing to it.
        phase_began_at: Since when.
        resumed_at: When a process has begun, or gone on with, that phase.
        resumed_events: How many events the phase had gone through by then.
        events: How many events are to be replayed in all, as far as was known at the start.
        created_at: When it was made.
    """

    name: str
    generation: int
    version: int
    state: State
    position: int
    owner: str | None
    owned_until: datetime | None
    paused_at: datetime | None
    failed_at: datetime | None
    failed_user_id: str | None
    failed_sequence: int | None
    failure: str | None
    phase: Phase | None
    phase_began_at: datetime | None
    resumed_at: datetime | None
    resumed_events: int
    events: int
    created_at: datetime

    def __post_init__(self) -> None:
        """Have names of states as what they name."""
        object.__setattr__(self, "state", State(self.state))
        object.__setattr__(self, "phase", Phase(self.phase) if self.phase else None)

    @property
    def table_name(self) -> str:
        """Its table, in the schema `taskfold`."""
        return self.name if self.state is State.LIVE else other_table_name(self)


def other_table_name(generation: Generation) -> str:
    """Give what a generation's table is called while it is not live."""
    return f"{generation.name}_g{generation.generation}"


def rows_of(connection: Connection) -> AsyncCursor[Generation]:
    """Give a cursor whose rows are generations."""
    return connection.cursor(row_factory=class_row(Generation))


async def find_generations(connection: Connection, name: str | None = None) -> list[Generation]:
    """Find a projection's generations, or everybody's."""
    cursor = rows_of(connection)
    await cursor.execute(_FIND, {"name": name})
    return await cursor.fetchall()


async def find_generation(connection: Connection, name: str, state: State) -> Generation | None:
    """Find the one generation of a projection that is in a state, if there is one."""
    found = await find_generations(connection, name)
    return next((each for each in found if each.state is state), None)
