"""Any single change of a log that was written as it should be is found, and its event named."""

from copy import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from events.chain import GENESIS
from events.diagnosis import WINDOW, chain_behind
from events.finding import Kind
from events.head import LogHead
from events.verification import LogCheck
from tests.invented_logs import OTHER_HEADS, OTHER_VALUES, Log, logs

KINDS = {
    "data": {Kind.CONTENTS},
    "metadata": {Kind.CONTENTS},
    "digest": {Kind.HASH},
    "chain": {Kind.HASH},
}


def broken(log: Log) -> tuple[Kind, int]:
    finding = log.finding()
    assert finding is not None
    return finding.kind, finding.sequence


@given(logs(at_least=0))
def test_a_log_as_it_was_written_is_in_order(log: Log) -> None:
    assert log.finding() is None


@pytest.mark.parametrize("column", OTHER_VALUES)
@given(data=st.data(), log=logs())
def test_a_changed_column_of_an_event_is_found(column: str, data: st.DataObject, log: Log) -> None:
    event = data.draw(st.sampled_from(log.events))
    value = data.draw(OTHER_VALUES[column])
    assume(value != getattr(event, column))
    kind, sequence = broken(log.with_event(event.sequence, **{column: value}))
    assert sequence == event.sequence
    assert kind in KINDS.get(column, {Kind.EDITED})


@given(data=st.data(), log=logs())
def test_a_changed_sequence_is_found(data: st.DataObject, log: Log) -> None:
    event = data.draw(st.sampled_from(log.events))
    elsewhere = data.draw(st.integers(len(log.events) + 1, 2**63 - 1))
    kind, sequence = broken(log.with_event(event.sequence, sequence=elsewhere))
    assert (kind, sequence) == (Kind.REORDERED, event.sequence)


@given(data=st.data(), log=logs())
def test_an_event_given_to_somebody_else_is_found_in_both_logs(
    data: st.DataObject, log: Log
) -> None:
    event = data.draw(st.sampled_from(log.events))
    left = log.with_events(other for other in log.events if other is not event)
    got = LogCheck("eve")
    got.take(replace(event, user_id="eve"))
    assert broken(left)[1] == event.sequence
    assert got.finding_before(None) is not None
    assert got.finding() is not None


@given(data=st.data(), log=logs(at_least=2))
def test_positions_that_do_not_rise_are_found(data: st.DataObject, log: Log) -> None:
    event = data.draw(st.sampled_from(log.events[1:]))
    before = log.events[event.sequence - 2]
    position = data.draw(st.integers(0, before.position))
    assert broken(log.with_event(event.sequence, position=position)) == (
        Kind.INCONSISTENT,
        event.sequence,
    )


@pytest.mark.parametrize("column", OTHER_HEADS)
@given(data=st.data(), log=logs())
def test_a_changed_column_of_a_head_is_found(column: str, data: st.DataObject, log: Log) -> None:
    value = data.draw(OTHER_HEADS[column])
    assume(value != getattr(log.head, column))
    tampered = replace(log, head=replace(log.head, **{column: value}))
    assert broken(tampered)[0] is Kind.HEAD


@given(logs())
def test_a_log_without_a_head_is_found(log: Log) -> None:
    check = LogCheck("ada")
    for event in log.events:
        check.take(event)
    finding = check.finding_before(None)
    assert finding is not None
    assert finding.kind is Kind.HEADLESS


@given(data=st.data(), log=logs(at_least=2))
def test_removed_events_are_found(data: st.DataObject, log: Log) -> None:
    first = data.draw(st.integers(1, len(log.events) - 1))
    last = data.draw(st.integers(first, len(log.events) - 1))
    left = [event for event in log.events if not first <= event.sequence <= last]
    assert broken(log.with_events(left)) == (Kind.REMOVED, first)


@given(data=st.data(), log=logs(at_least=2))
def test_removed_events_are_found_when_the_gap_was_closed(data: st.DataObject, log: Log) -> None:
    first = data.draw(st.integers(1, len(log.events) - 1))
    last = data.draw(st.integers(first, len(log.events) - 1))
    closed = [
        replace(event, sequence=event.sequence - (last - first + 1))
        if event.sequence > last
        else event
        for event in log.events
        if not first <= event.sequence <= last
    ]
    assert broken(log.with_events(closed)) == (Kind.REMOVED, first)


@given(data=st.data(), log=logs())
def test_a_tail_that_was_cut_off_is_found(data: st.DataObject, log: Log) -> None:
    kept = data.draw(st.integers(0, len(log.events) - 1))
    assert broken(log.with_events(log.events[:kept])) == (Kind.TRUNCATED, kept + 1)


@given(data=st.data(), log=logs(at_least=2))
def test_reordered_events_are_found(data: st.DataObject, log: Log) -> None:
    sequences = [event.sequence for event in log.events]
    shuffled = data.draw(st.permutations(sequences))
    assume(shuffled != sequences)
    moved = [
        replace(event, sequence=sequence)
        for event, sequence in zip(log.events, shuffled, strict=True)
    ]
    first = next(place for place in sequences if shuffled[place - 1] != place)
    assert broken(log.with_events(moved)) == (Kind.REORDERED, first)


@given(data=st.data(), log=logs(), other=logs())
def test_an_inserted_event_is_found(data: st.DataObject, log: Log, other: Log) -> None:
    place = data.draw(st.integers(1, len(log.events) + 1))
    pushed = [
        replace(event, sequence=event.sequence + 1) if event.sequence >= place else event
        for event in log.events
    ]
    forged = replace(data.draw(st.sampled_from(other.events)), sequence=place, task_id=9)
    assert broken(log.with_events([*pushed, forged])) == (Kind.INSERTED, place)


@given(logs(), logs())
def test_an_event_forged_with_a_fitting_chain_value_is_found(log: Log, other: Log) -> None:
    forged = replace(other.events[0], sequence=log.head.sequence + 1)
    fitting = replace(forged, chain=chain_behind(log.head.chain, forged))
    assert broken(log.with_events([*log.events, fitting])) == (
        Kind.INSERTED,
        log.head.sequence + 1,
    )


@given(data=st.data(), log=logs(at_least=2))
def test_a_rewritten_event_is_found_where_its_old_chain_goes_on(
    data: st.DataObject, log: Log
) -> None:
    event = data.draw(st.sampled_from(log.events[:-1]))
    before = log.events[event.sequence - 2].chain if event.sequence > 1 else GENESIS
    forged = replace(event, type="TaskForged")
    chain = chain_behind(before, forged)
    tampered = log.with_event(event.sequence, type="TaskForged", chain=chain)
    assert broken(tampered)[1] == event.sequence + 1


@pytest.mark.parametrize(
    "impossible",
    [{"version": 2**31 - 1}, {"recorded_at": datetime(2020, 1, 1, tzinfo=UTC)}],
    ids=["a version was left out", "time ran backwards"],
)
@given(logs(at_least=2))
def test_a_log_that_was_rewritten_without_care_is_found(
    impossible: dict[str, Any], log: Log
) -> None:
    last = log.events[-1]
    chain = chain_behind(log.events[-2].chain, replace(last, **impossible))
    tampered = log.with_event(last.sequence, **impossible, chain=chain)
    head = replace(log.head, chain=chain, recorded_at=tampered.events[-1].recorded_at)
    assert broken(replace(tampered, head=head)) == (Kind.INCONSISTENT, last.sequence)


@given(data=st.data(), log=logs(at_least=2))
def test_an_event_edited_behind_a_head_that_was_moved_back_is_found(
    data: st.DataObject, log: Log
) -> None:
    kept = data.draw(st.integers(0, len(log.events) - 1))
    tampered = log.with_event(kept + 1, task_id=77)
    moved = replace(log.head, sequence=kept)
    assert broken(replace(tampered, head=moved))[1] == kept + 1


def test_an_empty_log_of_somebody_who_was_only_ever_refused_is_in_order() -> None:
    assert LogCheck("ada").finding_before(LogHead(user_id="ada")) is None


@given(logs())
def test_nothing_after_the_first_bad_event_is_kept_for_ever(log: Log) -> None:
    check = LogCheck("ada")
    for _ in range(2 * WINDOW):
        check.take(replace(log.events[0], digest=bytes(32)))
    finding = check.finding_before(log.head)
    assert finding is not None
    assert finding.sequence == 1


@given(logs())
def test_a_finding_says_nothing_of_what_a_task_says(log: Log) -> None:
    finding = log.with_event(1, data='{"title":"Secret"}').finding()
    assert str(finding).startswith("User 'ada', event 1 ('Task")
    assert "Secret" not in repr(finding)
