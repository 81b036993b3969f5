"""What verification says of a generation that is about to become the live one."""

from dataclasses import dataclass

import msgspec
from psycopg.rows import scalar_row

from events.database import Connection
from events.statements import statement
from projections.generation import UNFILLED, State, find_generation
from projections.rebuild.errors import BuildDiffersError, LiveDiffersError
from projections.verification.comparison import Comparison
from projections.verification.verification import Verified

SHOWN = 1_000
"""Differences that are told one by one; there may be as many as there are rows."""

_VERDICTS = statement("projections.rebuild", "shard_verdicts")

_decoder = msgspec.json.Decoder(Verified)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How the coming table and the live one compare with history.

    Attributes:
        coming: The table that is about to become the live one.
        live: The one that is.
    """

    coming: Comparison
    live: Comparison


async def verdict(connection: Connection, name: str) -> Verdict:
    """Put together what the parts of a verification have found."""
    coming, live = Comparison(), Comparison()
    for part in await _parts(connection, name):
        live += part.live
        coming += part.other or Comparison()
    return Verdict(coming=_bounded(coming), live=_bounded(live))


async def judge(connection: Connection, name: str, *, accept: bool) -> None:
    """Let a generation pass that equals both history and the live table.

    Args:
        connection: Where it is.
        name: The projection.
        accept: Let it also pass where it differs from the live table.

    Raises:
        BuildDiffersError: It does not equal a fold of history, so it was not built rightly.
        LiveDiffersError: The live table does not equal what this version of the code makes of
            history, and nobody has accepted that.
    """
    found = await verdict(connection, name)
    if found.coming.differences:
        raise BuildDiffersError(name, found.coming.differences)
    if found.live.differences and not accept and not await _is_unfilled(connection, name):
        raise LiveDiffersError(name, found.live.differences)


async def _is_unfilled(connection: Connection, name: str) -> bool:
    live = await find_generation(connection, name, State.LIVE)
    return live is not None and live.version == UNFILLED


async def _parts(connection: Connection, name: str) -> list[Verified]:
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute(_VERDICTS, {"name": name})
    return [_decoder.decode(text) for text in await cursor.fetchall()]


def _bounded(comparison: Comparison) -> Comparison:
    return msgspec.structs.replace(comparison, shown=comparison.shown[:SHOWN])
