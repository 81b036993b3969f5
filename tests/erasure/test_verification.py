"""Telling what was erased from what was edited."""

from collections.abc import Iterable
from copy import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from events.envelope import Metadata, NewEvent
from events.finding import Finding, Kind
from events.head import record
from events.log_events import LOG, REDACTED_JSON, LogErased
from events.reader import PositionedEvent
from events.verification import LogCheck
from tests.invented_logs import Log, logs, stored

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)
METADATA = Metadata(actor="ada", command="EraseLog", request_id="r", correlation_id="r")


def with_erasure(log: Log, *, through: int | None = None, version: int = 1) -> Log:
    """Have the log say that it was erased."""
    payload = LogErased(through=log.head.sequence if through is None else through)
    new = NewEvent(task_id=LOG, version=version, payload=payload, metadata=METADATA)
    head, entry = record(log.head, new, NOON)
    position = 10 + max((event.position for event in log.events), default=0)
    return Log(head, (*log.events, stored(entry, position=position)))


def emptied(event: PositionedEvent) -> PositionedEvent:
    return replace(event, data=REDACTED_JSON, metadata=REDACTED_JSON)


def with_emptied(log: Log, sequences: Iterable[int]) -> Log:
    chosen = set(sequences)
    return log.with_events(
        emptied(event) if event.sequence in chosen else event for event in log.events
    )


def checked(log: Log) -> LogCheck:
    check = LogCheck(log.head.user_id)
    for event in log.events:
        check.take(event, log.head.sequence)
    return check


def kind(finding: Finding | None) -> tuple[int, Kind] | None:
    return None if finding is None else (finding.sequence, finding.kind)


@given(logs(), st.data())
def test_an_erased_log_verifies_however_much_of_it_is_empty_yet(
    log: Log, data: st.DataObject
) -> None:
    places = data.draw(st.sets(st.integers(1, len(log.events))))
    erased = with_emptied(with_erasure(log), places)
    check = checked(erased)
    assert check.finding_before(erased.head) is None
    assert check.finding() is None
    assert check.redacted == len(places)
    assert check.head.is_being_erased == (len(places) < len(log.events))


@given(logs(), st.data())
def test_an_event_that_is_empty_without_an_erasure_is_found(log: Log, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(log.events)))
    emptied_log = with_emptied(log, [place])
    assert kind(emptied_log.finding()) == (place, Kind.EMPTIED)
    assert kind(checked(emptied_log).finding()) == (place, Kind.EMPTIED)


@given(logs())
def test_what_says_that_a_log_was_erased_is_never_emptied(log: Log) -> None:
    place = len(log.events) + 1
    twice = with_emptied(with_erasure(with_erasure(log), version=2), [place])
    assert kind(twice.finding()) == (place, Kind.INCONSISTENT)


@given(logs(), st.data())
def test_a_half_emptied_event_is_edited(log: Log, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(log.events)))
    column = data.draw(st.sampled_from(["data", "metadata"]))
    edited = with_erasure(log).with_event(place, **{column: REDACTED_JSON})
    assert kind(edited.finding()) == (place, Kind.CONTENTS)


@given(logs(), st.integers(0, 9))
def test_an_erasure_that_names_another_range_is_found(log: Log, through: int) -> None:
    erased = with_erasure(log, through=through)
    expected = None if through == len(log.events) else (len(log.events) + 1, Kind.INCONSISTENT)
    assert kind(checked(erased).finding()) == expected


@pytest.mark.parametrize("column", ["type", "task_id", "version"])
@given(log=logs())
def test_what_is_left_of_an_emptied_event_cannot_be_edited(column: str, log: Log) -> None:
    erased = with_emptied(with_erasure(log), range(1, len(log.events) + 1))
    value = "TaskReopened" if column == "type" else 77
    found = kind(erased.with_event(1, **{column: value}).finding())
    assert found is not None
    assert found[0] == 1


@given(logs())
def test_a_head_that_claims_an_erasure_is_found(log: Log) -> None:
    claimed = replace(log, head=replace(log.head, erased_through=1))
    assert kind(claimed.finding()) == (len(log.events), Kind.HEAD)


@given(logs())
def test_an_erasure_that_is_cut_off_is_found(log: Log) -> None:
    erased = with_emptied(with_erasure(log), range(1, len(log.events) + 1))
    cut = replace(erased, events=erased.events[:-1])
    assert kind(cut.finding()) == (len(log.events) + 1, Kind.TRUNCATED)
