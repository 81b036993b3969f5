"""A task is sent as it is documented."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given, strategies as st

from api.http.shown_task import shown_task
from api.http.task_fields import ORDER_LIMIT
from api.http.task_view import view
from projections.task import Task

_INSTANTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.sampled_from([UTC, ZoneInfo("UTC"), ZoneInfo("Europe/Vienna")]),
)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TASKS = st.builds(
    Task,
    user_id=st.just("somebody"),
    task_id=st.integers(1, 2**63 - 1),
    version=st.integers(1, 2**31 - 1),
    sequence=st.integers(1, 2**63 - 1),
    title=_TEXTS,
    description=_TEXTS,
    order=st.floats(-ORDER_LIMIT, ORDER_LIMIT),
    priority=st.integers(0, 3),
    tags=st.lists(_TEXTS),
    due=st.none() | _TEXTS,
    due_at=st.none(),
    created_at=_INSTANTS,
    updated_at=_INSTANTS,
    completed_at=st.none() | _INSTANTS,
)


@given(task=TASKS)
def test_a_task_is_sent_byte_for_byte_as_its_documented_model_would_be(task: Task) -> None:
    sent = msgspec.json.encode(shown_task(task, "https://todo.example.com"))

    assert sent.decode() == view(task, "https://todo.example.com").model_dump_json()
