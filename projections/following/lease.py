"""Who may write a projection's live table: one projector at a time, by lease and compare-and-set.

The lease says whose turn it is and ends by the database's clock, so that the work goes on elsewhere
when its holder dies. It is not what keeps rows right: every write of rows moves the projection from
the position its writer believes in, in the same transaction, and whoever believes wrongly writes
nothing. No lock outlives a transaction, so a pooler may stand between.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from events.database import Connection
from events.statements import statement
from projections.errors import LeaseLostError
from projections.registry import AnyProjection

LEASE = timedelta(seconds=5)
"""How long a projection stays with a projector of which nothing more is heard."""

_CLAIM = statement("projections.following", "claim_projection")
_KEEP = statement("projections.following", "keep_projection")
_MOVE = statement("projections.following", "move_projection")
_RELEASE = statement("projections.following", "release_projection")
_FAIL = statement("projections.following", "fail_projection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An event that a projection cannot apply, and why, without a word of what it says."""

    user_id: str
    sequence: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A projection's live generation in the hands of one projector.

    Attributes:
        name: The projection.
        generation: Which of its tables is the live one.
        position: Everything up to here is in it.
        owner: What tells this projector from all others.
    """

    name: str
    generation: int
    position: int
    owner: str

    async def keep(self, connection: Connection) -> None:
        """Have the lease begin anew.

        Raises:
            LeaseLostError: The projection is paused or switched, or somebody else has it.
        """
        cursor = await connection.execute(_KEEP, self._facts())
        self._check(cursor.rowcount)

    async def move(self, connection: Connection, to: int) -> Self:
        """Say, in the transaction that writes the rows, that everything up to a position is there.

        Raises:
            LeaseLostError: As above, or the position is not the one the table is at.
        """
        cursor = await connection.execute(_MOVE, {**self._facts(), "to": to})
        self._check(cursor.rowcount)
        return replace(self, position=to)

    async def fail(self, connection: Connection, failure: Failure) -> None:
        """Pause the projection at an event.

        Raises:
            LeaseLostError: As above; nothing is paused.
        """
        facts = {
            **self._facts(),
            "failed_user_id": failure.user_id,
            "failed_sequence": failure.sequence,
            "failure": failure.reason,
        }
        cursor = await connection.execute(_FAIL, facts)
        self._check(cursor.rowcount)

    async def release(self, connection: Connection) -> None:
        """Let the next projector go on at once."""
        await connection.execute(_RELEASE, self._facts())

    def _facts(self) -> dict[str, object]:
        return {
            "name": self.name,
            "generation": self.generation,
            "position": self.position,
            "owner": self.owner,
            "lease": LEASE,
        }

    def _check(self, hits: int) -> None:
        if hits == 0:
            raise LeaseLostError(self.name)


async def claim(connection: Connection, projection: AnyProjection, owner: str) -> Lease | None:
    """Take a projection's live generation if it is free; None if it is not."""
    cursor = await connection.execute(
        _CLAIM,
        {
            "name": projection.name,
            "version": projection.version,
            "owner": owner,
            "lease": LEASE,
        },
    )
    match await cursor.fetchone():
        case (int() as generation, int() as position):
            return Lease(
                name=projection.name, generation=generation, position=position, owner=owner
            )
        case _:
            return None
