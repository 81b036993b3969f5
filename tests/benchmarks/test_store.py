"""The stores that measurements stand on are what the product would have written."""

import pytest

from events.database import Pool
from projections.registry import INLINE
from projections.verification.check import check
from tests.benchmarks.store.fill import fill

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("events", [1, 2, 5])
async def test_a_filled_read_table_is_what_its_events_fold_into(
    events: int, database_url: str, pool: Pool, user_id: str
) -> None:
    fill(database_url, [user_id], tasks=7, events=events)
    for projection in INLINE:
        async for verified in check(pool, projection, user=user_id):
            assert verified.events == 7 * events
            assert verified.live.differences == 0
            assert verified.live.found.rows >= 7
