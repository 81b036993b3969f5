"""A commit whose answer is lost is looked up: nothing is appended twice, nothing is denied."""

import asyncio

import psycopg
import pytest

from commands import group, persistence
from commands.errors import OutcomeUnknownError
from commands.handler import open_handler
from commands.receipt import Receipt
from commands.tasks import Batch, CreateTask, Step
from events.database import Connection, open_pool
from events.head import Entry
from projections.inline import project
from tests.history import events_of
from tests.people import asking
from tests.proxies import proxy

pytestmark = pytest.mark.anyio


async def test_a_commit_whose_answer_was_lost_is_found_and_not_repeated(
    database_url: str, connection: Connection, user_id: str
) -> None:
    async with (
        proxy(database_url) as (between, url),
        open_pool(url, size=1) as pool,
        open_handler(pool, project, queue_limit=10) as handler,
    ):
        await handler.handle(asking(user_id), CreateTask(title="a"))
        between.lose_commit = True
        receipts = await asyncio.gather(
            *(handler.handle(asking(user_id), CreateTask(title="b")) for _ in range(3))
        )
    assert between.lost == 1
    assert [receipt.task_id for receipt in receipts] == [2, 3, 4]
    assert len(await events_of(connection, user_id)) == 4


async def test_a_batch_whose_answer_was_lost_is_not_carried_out_again(
    database_url: str, connection: Connection, user_id: str
) -> None:
    steps = (Step(command=CreateTask(title="a"), starts="t"), Step(command=CreateTask(title="b")))
    async with (
        proxy(database_url) as (between, url),
        open_pool(url, size=1) as pool,
        open_handler(pool, project, queue_limit=10) as handler,
    ):
        between.lose_commit = True
        first = await handler.handle(asking(user_id, key="k"), Batch(steps=steps))
    async with (
        open_pool(database_url, size=1) as pool,
        open_handler(pool, project, queue_limit=10) as handler,
    ):
        again = await handler.handle(asking(user_id, key="k"), Batch(steps=steps))
    assert between.lost == 1
    assert (again.replayed, again.steps) == (True, first.steps)
    assert len(await events_of(connection, user_id)) == 2


async def test_a_group_in_doubt_is_never_sent_again_without_an_answer(
    database_url: str, connection: Connection, user_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def not_now(_connection: Connection, _entry: Entry) -> bool:
        raise psycopg.errors.FeatureNotSupported

    monkeypatch.setattr(group, "is_recorded", not_now)
    async with (
        proxy(database_url) as (between, url),
        open_pool(url, size=1) as pool,
        open_handler(pool, project, queue_limit=10) as handler,
    ):
        await handler.handle(asking(user_id), CreateTask(title="a"))
        between.lose_commit = True
        outcomes = await asyncio.gather(
            *(handler.handle(asking(user_id), CreateTask(title="b")) for _ in range(3)),
            return_exceptions=True,
        )
    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknownError] * 3
    assert len(await events_of(connection, user_id)) == 4


async def test_a_database_that_stays_away_leaves_the_outcome_unknown(
    database_url: str, user_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_connection: Connection, _entry: Entry) -> bool:
        raise psycopg.errors.AdminShutdown

    monkeypatch.setattr(group, "is_recorded", away)
    monkeypatch.setattr(persistence, "PATIENCE", 0.2)
    async with (
        proxy(database_url) as (between, url),
        open_pool(url, size=1) as pool,
        open_handler(pool, project, queue_limit=10) as handler,
    ):
        await handler.handle(asking(user_id), CreateTask(title="a"))
        between.lose_commit = True
        with pytest.raises(OutcomeUnknownError):
            await handler.handle(asking(user_id), CreateTask(title="b"))


async def test_a_callback_that_fails_costs_no_caller_an_answer(
    database_url: str, connection: Connection, user_id: str
) -> None:
    def fail() -> None:
        raise LookupError

    receipts: list[Receipt] = []

    async def ask() -> None:
        async with (
            open_pool(database_url, size=1) as pool,
            open_handler(pool, project, queue_limit=10, committed=fail) as handler,
        ):
            receipts.append(await handler.handle(asking(user_id), CreateTask(title="a")))

    with pytest.raises(ExceptionGroup):
        await ask()
    assert len(receipts) == 1
    assert len(await events_of(connection, user_id)) == 1
