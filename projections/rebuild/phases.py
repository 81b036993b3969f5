"""Going on from one phase of a rebuild to the next."""

from events.database import Connection, Pool
from events.errors import UnreadableEventError
from events.statements import statement
from projections.errors import CannotApplyError
from projections.generation import Generation, Phase
from projections.reason import reason
from projections.rebuild.generations import changing, lock_phase, named
from projections.rebuild.shards import reset_shards, totals
from projections.rebuild.verdict import judge

_SET_PHASE = statement("projections.rebuild", "set_phase")
_RESUME = statement("projections.rebuild", "resume_phase")
_NOTE_FAILURE = statement("projections.rebuild", "note_failure")


async def go_on(pool: Pool, generation: Generation, phase: Phase) -> None:
    """Go on from the phase a generation is in to another, unless somebody has done so already."""
    async with pool.connection() as connection, connection.transaction():
        moved = await set_phase(connection, generation, phase)
        if moved and phase is Phase.VERIFYING:
            await reset_shards(connection, generation.name)


async def let_pass(pool: Pool, generation: Generation, *, accept: bool) -> None:
    """Go on to the switch if everything is verified and equal, or what differs is accepted.

    Judged and noted in one transaction that has taken the generation: whoever begins to verify anew
    meanwhile comes before or after it.

    Raises:
        BuildDiffersError: The new table does not equal a fold of history.
        LiveDiffersError: The live table does not, and nobody has accepted that.
    """
    async with changing(pool, generation.name) as connection:
        if not await lock_phase(connection, generation):
            return
        if (await totals(connection, generation.name)).left:
            return
        await judge(connection, generation.name, accept=accept)
        await set_phase(connection, generation, Phase.SWITCHING)


async def set_phase(connection: Connection, generation: Generation, phase: Phase) -> bool:
    """Go on to another phase in a transaction of the caller's; False if somebody has already."""
    cursor = await connection.execute(
        _SET_PHASE, {**named(generation), "from": generation.phase, "to": phase}
    )
    return cursor.rowcount == 1


async def note_resumed(pool: Pool, generation: Generation) -> None:
    """Note that somebody goes on with a generation, so that its speed is measured from now."""
    async with pool.connection() as connection:
        await connection.execute(_RESUME, named(generation))


async def note_failure(
    pool: Pool, generation: Generation, error: CannotApplyError | UnreadableEventError
) -> None:
    """Note the event that a rebuild has stopped at; it is tried again by whoever goes on."""
    async with pool.connection() as connection:
        await connection.execute(
            _NOTE_FAILURE,
            {
                **named(generation),
                "user_id": error.user_id,
                "sequence": error.sequence,
                "failure": reason(error.__cause__ or error),
            },
        )
