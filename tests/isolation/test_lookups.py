"""Lookups of several people share a transaction, and each of them meets their own rows alone."""

import asyncio

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from events.database import Pool
from events.errors import UnboundableUserError
from events.lookup import Lookup
from events.lookups import Lookups, open_lookups
from tests.isolation.conftest import ADA, BOB

pytestmark = pytest.mark.anyio

FORGETFUL = Lookup("select user_id from taskfold.task where %(user_id)s <> ''", str)
"""Asks for everybody's rows; that it names its user makes no difference."""

WRONG = Lookup("select 1 / %(number)s where %(user_id)s <> ''", int)
UNTIMELY = Lookup("select pg_terminate_backend(pg_backend_pid()) where %(user_id)s <> ''", bool)
HANGING = Lookup("select pg_sleep(%(seconds)s) where %(user_id)s <> ''", str)
STATE = Lookup(
    "select current_user = session_user, coalesce(current_setting('taskfold.user_id', true), '')"
    " where %(user_id)s <> ''",
    lambda *values: values,
)


@pytest.fixture(params=[True, False], ids=["prepared", "unprepared"])
def prepares(request: pytest.FixtureRequest) -> bool:
    return request.param


async def test_a_lookup_without_a_condition_brings_its_users_rows_alone(
    own: Pool, *, prepares: bool
) -> None:
    async def live(user_id: str) -> None:
        for _ in range(20):
            rows = await lookups.rows(user_id, FORGETFUL, {})
            assert set(rows) == ({user_id} if user_id in {ADA, BOB} else set())

    async with open_lookups(own, prepared_statements=prepares) as lookups:
        await asyncio.gather(*(live(user_id) for user_id in [ADA, BOB, "nobody"] * 30))
    async with own.connection() as connection:
        cursor = await connection.execute(STATE.query, {"user_id": ADA})
        assert await cursor.fetchone() == (True, "")


async def test_one_that_fails_takes_its_group_along_and_nobody_after_it(
    own: Pool, *, prepares: bool
) -> None:
    async with open_lookups(own, prepared_statements=prepares) as lookups:
        for wrong in (lookups.rows(BOB, WRONG, {"number": 0}), lookups.rows(BOB, UNTIMELY, {})):
            outcomes = await asyncio.gather(
                lookups.rows(ADA, FORGETFUL, {}), wrong, return_exceptions=True
            )
            assert all(isinstance(outcome, psycopg.Error) for outcome in outcomes)
            assert set(await lookups.rows(ADA, FORGETFUL, {})) == {ADA}
            assert await lookups.rows(ADA, WRONG, {"number": 1}) == [1]


async def test_one_that_hangs_keeps_nobody_waiting(
    own: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.lookups.PATIENCE", 0.2)
    async with open_lookups(own) as lookups:
        hangs = asyncio.create_task(lookups.rows(BOB, HANGING, {"seconds": 3}))
        await asyncio.sleep(0)
        behind = lookups.rows(ADA, FORGETFUL, {})
        outcomes = await asyncio.gather(hangs, behind, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [PoolTimeout, PoolTimeout]


@pytest.mark.parametrize("nobody", ["", f"{ADA}\n{BOB}"])
async def test_what_could_be_taken_for_several_users_is_refused(own: Pool, nobody: str) -> None:
    async with open_lookups(own) as lookups:
        with pytest.raises(UnboundableUserError):
            await lookups.rows(nobody, FORGETFUL, {})


async def test_a_text_is_never_cut_short_at_a_null(own: Pool) -> None:
    async with open_lookups(own) as lookups:
        with pytest.raises(psycopg.DataError):
            await lookups.rows(f"{ADA}\0", FORGETFUL, {})


async def test_who_hangs_up_does_not_disturb_the_others(own: Pool) -> None:
    async with open_lookups(own) as lookups:
        gone = asyncio.create_task(lookups.rows(BOB, FORGETFUL, {}))
        others = [asyncio.create_task(lookups.rows(ADA, FORGETFUL, {})) for _ in range(40)]
        await asyncio.sleep(0)
        gone.cancel()
        assert all(set(rows) == {ADA} for rows in await asyncio.gather(*others))
        with pytest.raises(asyncio.CancelledError):
            await gone


def test_the_values_of_a_lookup_are_in_the_order_of_their_numbers() -> None:
    lookup = Lookup("select %(b)s, %(a)s, %(b)s", Lookups)
    assert lookup.numbered == b"select $1, $2, $1"
    assert lookup.encoded({"a": 1, "b": "x"}).values == (b"x", bytes([0] * 7 + [1]))
