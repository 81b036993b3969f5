from datetime import UTC, datetime, timedelta
from hashlib import sha256

from events.envelope import Metadata, NewEvent
from events.head import LogHead, record
from events.ids import new_id
from events.tasks import TaskCompleted, TaskCreated

NOON = datetime(2026, 1, 2, 12, 0, 0, 5, tzinfo=UTC)
METADATA = Metadata(actor="ada", command="CreateTask", request_id="r1", correlation_id="r1")
CREATED = NewEvent(
    task_id=1,
    version=1,
    payload=TaskCreated(title="Tea", description="", order=1.0),
    metadata=METADATA,
)
COMPLETED = NewEvent(task_id=1, version=2, payload=TaskCompleted(), metadata=METADATA)


def test_the_chain_is_what_the_documents_say_it_is() -> None:
    _, entry = record(LogHead(user_id="ada"), CREATED, NOON)
    content = (
        '{"data":{"description":"","due":"","order":1,"priority":"none","tags":[],"title":"Tea"},'
        '"metadata":{"actor":"ada","command":"CreateTask","correlation_id":"r1","request_id":"r1"}}'
    )
    place = (
        '{"recorded_at":"2026-01-02T12:00:00.000005Z","schema_version":1,"sequence":1,'
        '"task_id":1,"type":"TaskCreated","user_id":"ada","version":1}'
    )
    digest = sha256(content.encode()).digest()
    assert digest == entry.event.digest
    assert sha256(bytes(32) + digest + place.encode()).digest() == entry.event.chain


def test_each_event_is_chained_to_the_one_before() -> None:
    head, first = record(LogHead(user_id="ada"), CREATED, NOON)
    _, second = record(head, COMPLETED, NOON)
    _, orphan = record(LogHead(user_id="ada", sequence=1), COMPLETED, NOON)
    assert head.chain == first.event.chain
    assert second.event.chain != orphan.event.chain


def test_sequences_follow_the_head() -> None:
    head, entry = record(LogHead(user_id="ada", sequence=41), CREATED, NOON)
    assert (entry.event.sequence, head.sequence) == (42, 42)


def test_time_never_runs_backwards_inside_a_log() -> None:
    head, _ = record(LogHead(user_id="ada"), CREATED, NOON)
    moved, late = record(head, COMPLETED, NOON - timedelta(hours=1))
    assert late.event.recorded_at == moved.recorded_at == NOON


def test_ids_sort_by_the_time_they_were_made() -> None:
    made = [new_id() for _ in range(50)]
    assert len(set(made)) == 50
    assert [id_[:13] for id_ in made] == sorted(id_[:13] for id_ in made)
    assert {id_[14] for id_ in made} == {"7"}
