from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import rfc8785
from hypothesis import given, strategies as st

from events.chain import GENESIS, instant, link
from tests.strategies import texts

instants = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001 - Hypothesis adds the zone
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001 - Hypothesis adds the zone
    timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours))),
)


@given(texts, texts, st.integers(1, 2**53 - 1), instants)
def test_a_place_is_hashed_as_canonical_json(
    user_id: str, type_: str, sequence: int, recorded_at: datetime
) -> None:
    place = {
        "recorded_at": recorded_at.astimezone(UTC)
        .replace(tzinfo=None)
        .isoformat("T", "microseconds")
        + "Z",
        "schema_version": 3,
        "sequence": sequence,
        "task_id": 5,
        "type": type_,
        "user_id": user_id,
        "version": 7,
    }
    digest = bytes(range(32))
    assert sha256(GENESIS + digest + rfc8785.dumps(place)).digest() == link(
        GENESIS,
        digest,
        user_id=user_id,
        sequence=sequence,
        task_id=5,
        version=7,
        type_=type_,
        schema_version=3,
        recorded_at=recorded_at,
    )


def test_an_instant_has_one_text_in_every_zone() -> None:
    west = datetime(2026, 1, 1, 23, 30, tzinfo=timezone(-timedelta(hours=5)))
    assert instant(west) == instant(west.astimezone(UTC)) == "2026-01-02T04:30:00.000000Z"
