import json
from typing import get_args

import pytest
from hypothesis import given

from events.codec import (
    SCHEMA_VERSIONS,
    decode,
    decode_metadata,
    encode,
    encode_metadata,
    schema_version_of,
    type_of,
)
from events.envelope import Metadata
from events.errors import DamagedMetadataError, DamagedPayloadError, UnknownEventTypeError
from events.log_events import REDACTED, LogErased
from events.tasks import TaskCreated, TaskEvent
from tests.strategies import events


def test_every_fact_has_a_schema_version() -> None:
    assert set(SCHEMA_VERSIONS) == {*get_args(TaskEvent.__value__), LogErased}


@given(events)
def test_a_fact_survives_the_way_through_json(event: TaskEvent) -> None:
    again = decode(type_of(event), schema_version_of(event), encode(event).decode())
    assert event == again


@given(events)
def test_the_json_of_a_fact_is_the_same_after_any_json_library_had_it(event: TaskEvent) -> None:
    text = encode(event).decode()
    detour = json.dumps(json.loads(text), indent=3)
    again = decode(type_of(event), schema_version_of(event), detour)
    assert text == encode(again).decode()


def test_metadata_survives_and_leaves_out_what_is_not_known() -> None:
    metadata = Metadata(actor="a", command="CreateTask", request_id="r", correlation_id="c")
    text = encode_metadata(metadata).decode()
    assert text == '{"actor":"a","command":"CreateTask","correlation_id":"c","request_id":"r"}'
    assert metadata == decode_metadata(text)


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(UnknownEventTypeError, match="'TaskExploded' with schema version 1"):
        decode("TaskExploded", 1, "{}")


def test_a_schema_version_from_the_future_is_named() -> None:
    with pytest.raises(UnknownEventTypeError, match=r"TaskCreated.*version 99"):
        decode("TaskCreated", 99, "{}")


def test_a_damaged_payload_is_named() -> None:
    with pytest.raises(DamagedPayloadError, match="TaskCreated schema version 1 is damaged"):
        decode("TaskCreated", SCHEMA_VERSIONS[TaskCreated], '{"title": 7}')


def test_damaged_metadata_is_named() -> None:
    with pytest.raises(DamagedMetadataError, match="required field `actor`"):
        decode_metadata("{}")


def test_what_was_erased_is_read_as_that_whatever_it_was() -> None:
    for class_, version in SCHEMA_VERSIONS.items():
        assert decode(class_.__name__, version, "null") == REDACTED
    assert encode(REDACTED) == b"null"
    assert decode_metadata("null").actor == ""
