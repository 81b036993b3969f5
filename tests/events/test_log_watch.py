import asyncio

import pytest

from commands.handler import CommandHandler
from commands.tasks import CreateTask
from events.bell import Bell, heard
from events.database import Pool
from events.log_watch import open_log_watch
from tests.people import asking

pytestmark = pytest.mark.anyio


async def test_only_those_whose_log_has_moved_are_woken(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    bell = Bell()
    async with open_log_watch(pool, bell) as watch:
        with watch.follow(user_id) as own, watch.follow(f"not-{user_id}") as others:
            # The first look rings for everybody, since nothing is known of them yet.
            bell.ring()
            assert await heard(own.listen(), within=5)
            await handler.handle(asking(user_id), CreateTask(title="a"))
            ring, silence = own.listen(), others.listen()
            bell.ring()
            assert await heard(ring, within=5)
            assert not silence.is_set()


async def test_a_commit_nobody_rang_for_is_found_all_the_same(
    pool: Pool, handler: CommandHandler, user_id: str
) -> None:
    async with open_log_watch(pool, Bell()) as watch:
        with watch.follow(user_id) as own:
            assert await heard(own.listen(), within=5)
            ring = own.listen()
            await handler.handle(asking(user_id), CreateTask(title="a"))
            assert await heard(ring, within=5)


async def test_a_stop_wakes_everybody(pool: Pool, user_id: str) -> None:
    async with open_log_watch(pool, Bell()) as watch:
        with watch.follow(user_id) as own:
            ring = own.listen()
            waiting = asyncio.create_task(ring.wait())
            watch.wake()
            assert await waiting
