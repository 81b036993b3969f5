"""`taskfold log tail`: what happens in everybody's logs, as it happens."""

import asyncio
import json
from typing import Annotated

import typer

from api import logs
from api.cli.log_database import log_pool
from api.cli.say import say
from api.cli.stop_signals import stop_signals
from api.runtime import server
from api.settings import Settings, load_settings
from events.bell import Bell
from events.chain import instant
from events.follower import Follower, position_before_last
from events.listener import open_listener
from events.reader import PositionedEvent


def tail(
    *,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, help="Begin with this many past events.")
    ] = 10,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what happens from now on.")
    ] = False,
    user: Annotated[str | None, typer.Option(help="Only this user's events.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each event whole, contents too, as a JSON line.")
    ] = False,
) -> None:
    """Print the last events of everybody's logs, in order and none skipped."""
    settings = load_settings()
    logs.configure(settings)
    with stop_signals(), server(settings, say) as found:
        asyncio.run(
            _tail(settings, found.url, lines=lines, follow=follow, user=user, as_json=as_json)
        )


async def _tail(
    settings: Settings, url: str, *, lines: int, follow: bool, user: str | None, as_json: bool
) -> None:
    bell = Bell()
    async with log_pool(settings, url) as pool:
        async with pool.connection() as connection:
            follower = Follower(pool, bell, after=await position_before_last(connection, lines))
        if not follow:
            while batch := await follower.next_batch():
                _print(batch, user=user, as_json=as_json)
            return
        async with open_listener(url, pool, bell):
            async for batch in follower.batches():
                _print(batch, user=user, as_json=as_json)


def _print(batch: list[PositionedEvent], *, user: str | None, as_json: bool) -> None:
    for event in batch:
        if user is None or event.user_id == user:
            print(_whole(event) if as_json else _line(event), flush=True)


def _line(event: PositionedEvent) -> str:
    moment = instant(event.recorded_at)
    return f"{moment}  {event.user_id}  {event.sequence}  task {event.task_id}  {event.type}"


def _whole(event: PositionedEvent) -> str:
    return json.dumps(
        {
            "position": event.position,
            "user_id": event.user_id,
            "sequence": event.sequence,
            "task_id": event.task_id,
            "version": event.version,
            "type": event.type,
            "schema_version": event.schema_version,
            "data": json.loads(event.data),
            "metadata": json.loads(event.metadata),
            "recorded_at": instant(event.recorded_at),
            "digest": event.digest.hex(),
            "chain": event.chain.hex(),
        },
        ensure_ascii=False,
    )
