"""`taskfold projections list`: how every projection is, for people and for scripts."""

import asyncio
import json
from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from api import logs
from api.cli.count import counted
from api.cli.log_database import current_database, log_pool
from api.settings import Settings, load_settings
from events.chain import instant
from projections.following.lease import Failure
from projections.projection import Mode
from projections.status.lag import Lag
from projections.status.status import ProjectionStatus, Rebuild, Skip
from projections.status.statuses import find_statuses


def list_(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """List the projections: how far each is, what it stopped at, how its rebuild goes."""
    settings = load_settings()
    logs.configure(settings)
    with current_database(settings) as found:
        statuses = asyncio.run(_find(settings, found.url))
    if as_json:
        print(json.dumps(msgspec.to_builtins(statuses), ensure_ascii=False))
        return
    for status in statuses:
        print("\n".join(_lines(status)))


async def _find(settings: Settings, url: str) -> list[ProjectionStatus]:
    async with log_pool(settings, url) as pool, pool.connection() as connection:
        return await find_statuses(connection)


def _lines(status: ProjectionStatus) -> Iterator[str]:
    yield (
        f"{status.name}  {status.mode}  version {status.live_version} of {status.version}  "
        f"{status.condition}"
    )
    if status.mode is Mode.ASYNC:
        yield f"  {_progress(status)}"
    if status.failure is not None:
        yield f"  {_failure(status.failure)}"
    if status.rebuild is not None:
        yield f"  {_rebuild(status.rebuild)}"
        if status.rebuild.failure is not None:
            yield f"  {_failure(status.rebuild.failure)}"
    if status.previous is not None:
        yield f"  kept for a rollback: version {status.previous.version}"
    yield from (f"  {_skip(skip)}" for skip in status.skips)


def _failure(failure: Failure) -> str:
    return f"stopped at event {failure.sequence} of user {failure.user_id}: {failure.reason}"


def _progress(status: ProjectionStatus) -> str:
    runner = f"run by {status.owner}" if status.owner else "nobody runs it"
    return f"{_behind(status.lag)}; {runner}"


def _behind(lag: Lag) -> str:
    if lag.events == 0:
        return "up to date"
    behind = f"{counted(lag.events, 'event')} behind, the oldest {lag.oldest_seconds:,.0f} s old"
    return behind if lag.exact else f"at most {behind}"


def _rebuild(rebuild: Rebuild) -> str:
    left = "" if rebuild.seconds_left is None else f", {rebuild.seconds_left:,.0f} s left"
    return (
        f"rebuilding version {rebuild.version}, {rebuild.phase}: {rebuild.done:,} of "
        f"{counted(rebuild.events, 'event')}, {rebuild.rate:,.0f}/s{left}"
    )


def _skip(skip: Skip) -> str:
    return (
        f"skips event {skip.sequence} of user {skip.user_id} ({skip.type}) since "
        f"{instant(skip.skipped_at)}: {skip.reason}"
    )
