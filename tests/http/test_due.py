from datetime import datetime

import httpx2
import pytest
from hypothesis import given, strategies as st
from pydantic_core import PydanticCustomError

from api.http.due import due

pytestmark = pytest.mark.anyio

KEPT = {
    "2026-12-24": "2026-12-24",
    "2026-12-24T17:00[Europe/Vienna]": "2026-12-24T17:00:00+01:00[Europe/Vienna]",
    "2026-07-01T17:00:30[Europe/Vienna]": "2026-07-01T17:00:30+02:00[Europe/Vienna]",
    "2026-12-24T17:00:00+01:00[Europe/Vienna]": "2026-12-24T17:00:00+01:00[Europe/Vienna]",
    "2026-12-24T16:00:00Z[Europe/Vienna]": "2026-12-24T17:00:00+01:00[Europe/Vienna]",
    "2026-12-24T17:00:00.123456789[UTC]": "2026-12-24T17:00:00+00:00[UTC]",
    # The night when clocks are put back has this hour twice.
    "2026-10-25T02:30:00+02:00[Europe/Vienna]": "2026-10-25T02:30:00+02:00[Europe/Vienna]",
    "2026-10-25T02:30:00+01:00[Europe/Vienna]": "2026-10-25T02:30:00+01:00[Europe/Vienna]",
    "2026-10-25T01:30:00Z[Europe/Vienna]": "2026-10-25T02:30:00+01:00[Europe/Vienna]",
    "1971-06-01T12:00[Africa/Monrovia]": "1971-06-01T12:00:00-00:44:30[Africa/Monrovia]",
}

REFUSED = {
    "tomorrow": "must be a date",
    "2026-12-24 17:00[Europe/Vienna]": "must be a date",
    "2026-12-24T17[Europe/Vienna]": "must be a date",
    "20261224": "must be a date",
    "2026-02-30": "no day",
    "2026-12-24T25:00[Europe/Vienna]": "no day",
    "2026-12-24T17:00:00Z": "name its zone",
    "2026-12-24T17:00:00+01:00": "name its zone",
    "2026-12-24T17:00[Vienna]": "IANA",
    "2026-12-24T17:00[../etc/passwd]": "IANA",
    "2026-12-24T17:00[europe/vienna]": "IANA",
    "2026-12-24T17:00+02:00[Europe/Vienna]": "offset is not",
    "2026-03-29T02:30[Europe/Vienna]": "does not come",
    "2026-03-29T02:30+01:00[Europe/Vienna]": "does not come",
    "2026-10-25T02:30[Europe/Vienna]": "comes twice",
    "1969-12-31": "1970 to 9000",
    "9001-01-01": "1970 to 9000",
    "٢٠٢٦-12-24": "must be a date",
}


@pytest.mark.parametrize(("sent", "kept"), KEPT.items())
def test_a_date_stays_a_date_and_a_time_keeps_its_zone(sent: str, kept: str) -> None:
    assert due(sent) == kept
    assert due(kept) == kept


@pytest.mark.parametrize(("sent", "reason"), REFUSED.items())
def test_what_is_no_day_or_time_is_refused_with_the_reason(sent: str, reason: str) -> None:
    with pytest.raises(PydanticCustomError, match=reason):
        due(sent)


zones = st.sampled_from(["Europe/Vienna", "America/St_Johns", "Australia/Lord_Howe", "UTC"])
locals_ = st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - a wall clock's


@given(local=locals_, zone=zones)
def test_what_is_kept_is_kept_as_it_is_the_next_time(local: datetime, zone: str) -> None:
    try:
        kept = due(f"{local.isoformat(timespec='seconds')}[{zone}]")
    except PydanticCustomError as fault:
        assert "comes" in fault.message() or "does not come" in fault.message()  # noqa: PT017
    else:
        assert kept.startswith(local.isoformat(timespec="seconds"))
        assert due(kept) == kept


async def test_a_due_that_cannot_be_is_told_with_its_place(client: httpx2.AsyncClient) -> None:
    body = {"title": "a", "due": "2026-03-29T02:30[Europe/Vienna]"}
    answer = await client.post("/api/tasks", json=body)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "#/due")
    assert error["detail"].startswith("This time does not come in its zone")
