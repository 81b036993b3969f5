"""Finding out how every projection is: a few statements, whatever the size of the log."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import class_row, scalar_row

from events.database import Connection
from events.statements import statement
from projections.following.lease import Failure
from projections.generation import Generation, State, find_generations
from projections.projection import Mode
from projections.registry import PROJECTIONS, AnyProjection
from projections.status.lag import Lag, measure_lag
from projections.status.status import Condition, Previous, ProjectionStatus, Rebuild, Skip

_SKIPS = statement("projections.status", "find_skips")
_SUM_SHARDS = statement("projections.status", "sum_shards")
_NOW = statement("projections.status", "server_now")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the database knows of one projection, and what time it is there."""

    now: datetime
    generations: Mapping[State, Generation]
    skips: Sequence[Skip]
    done: int

    @property
    def live(self) -> Generation | None:
        return self.generations.get(State.LIVE)


async def find_statuses(
    connection: Connection, projections: Iterable[AnyProjection] = PROJECTIONS.values()
) -> list[ProjectionStatus]:
    """Say how projections are, at a cost that does not grow with the log."""
    generations = defaultdict[str, dict[State, Generation]](dict)
    for generation in await find_generations(connection):
        generations[generation.name][generation.state] = generation
    skips = await _find_skips(connection)
    done = await _sum_shards(connection)
    now = await _now(connection)
    known = {
        each: _Known(
            now=now,
            generations=generations[each.name],
            skips=[skip for skip in skips if skip.name == each.name],
            done=done.get(each.name, 0),
        )
        for each in projections
    }
    return [
        _status(each, found, await _lag(connection, each, found)) for each, found in known.items()
    ]


async def _find_skips(connection: Connection) -> list[Skip]:
    cursor = connection.cursor(row_factory=class_row(Skip))
    await cursor.execute(_SKIPS)
    return await cursor.fetchall()


async def _sum_shards(connection: Connection) -> dict[str, int]:
    cursor = await connection.execute(_SUM_SHARDS)
    return {str(name): int(str(events)) for name, events in await cursor.fetchall()}


async def _now(connection: Connection) -> datetime:
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute(_NOW)
    [now] = await cursor.fetchall()
    return now


async def _lag(connection: Connection, projection: AnyProjection, known: _Known) -> Lag:
    """An inline projection is never behind."""
    if projection.mode is Mode.INLINE:
        return Lag()
    return await measure_lag(connection, 0 if known.live is None else known.live.position)


def _status(projection: AnyProjection, known: _Known, lag: Lag) -> ProjectionStatus:
    live = known.live
    rebuild = _rebuild(known)
    owned = live is not None and live.owned_until is not None and live.owned_until > known.now
    return ProjectionStatus(
        name=projection.name,
        mode=projection.mode,
        condition=_condition(projection, live, rebuild),
        version=projection.version,
        live_version=0 if live is None else live.version,
        generation=0 if live is None else live.generation,
        position=None if live is None or projection.mode is Mode.INLINE else live.position,
        lag=lag,
        owner=live.owner if live is not None and owned else None,
        owned_until=live.owned_until if live is not None and owned else None,
        paused_at=None if live is None else live.paused_at,
        failure=None if live is None else _failure(live),
        failed_at=None if live is None else live.failed_at,
        skips=known.skips,
        rebuild=rebuild,
        previous=_previous(known),
    )


def _condition(
    projection: AnyProjection, live: Generation | None, rebuild: Rebuild | None
) -> Condition:
    if live is not None and live.failed_at is not None:
        return Condition.FAILED
    if live is not None and live.paused_at is not None:
        return Condition.PAUSED
    if rebuild is not None:
        return Condition.REBUILDING
    if live is None or live.version == 0:
        return Condition.NOT_FILLED
    return Condition.OUTDATED if live.version < projection.version else Condition.LIVE


def _failure(found: Generation) -> Failure | None:
    if found.failed_user_id is None or found.failed_sequence is None or found.failure is None:
        return None
    return Failure(
        user_id=found.failed_user_id, sequence=found.failed_sequence, reason=found.failure
    )


def _previous(known: _Known) -> Previous | None:
    found = known.generations.get(State.PREVIOUS)
    return found and Previous(generation=found.generation, version=found.version)


def _rate(known: _Known, found: Generation) -> float:
    """Events a second since somebody last went on with it: who was killed before does not count."""
    if found.resumed_at is None:
        return 0.0
    elapsed = (known.now - found.resumed_at).total_seconds()
    return max(0, known.done - found.resumed_events) / elapsed if elapsed > 0 else 0.0


def _rebuild(known: _Known) -> Rebuild | None:
    for found in known.generations.values():
        if found.phase is not None and found.phase_began_at is not None:
            rate = _rate(known, found)
            return Rebuild(
                generation=found.generation,
                version=found.version,
                phase=found.phase,
                phase_began_at=found.phase_began_at,
                done=known.done,
                events=found.events,
                rate=rate,
                seconds_left=max(0, found.events - known.done) / rate if rate else None,
                started_at=found.created_at,
                failure=_failure(found),
            )
    return None
