"""Undoing through the real handler: what the log keeps of it, and that a part of it is enough."""

import asyncio
import json
from dataclasses import replace
from importlib.resources import files
from typing import LiteralString, cast

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from commands.errors import (
    EventNotFoundError,
    KeyReusedError,
    RefusalError,
    TaskNotFoundError,
    WrongVersionError,
)
from commands.handler import CommandHandler
from commands.past import Field
from commands.receipt import Receipt
from commands.tasks import (
    CreateTask,
    EditTask,
    TaskCommand,
    ToggleTask,
    UndoCommand,
    UndoEvent,
    UndoLatest,
)
from events.codec import encode, type_of
from events.database import Connection
from events.excerpt import AROUND
from events.ids import new_id
from tests.history import chain_of, events_of
from tests.people import asking
from tests.plans import plan, touched
from tests.undoing import Life

pytestmark = pytest.mark.anyio

UNDO_LATEST = UndoLatest(task_id=1)

edits = st.builds(
    EditTask,
    task_id=st.just(1),
    title=st.sampled_from([None, "a", "b"]),
    due=st.sampled_from([None, None, "", "2026-12-24"]),
    completed=st.sampled_from([None, True, False]),
)
undos = st.builds(
    UndoEvent, sequence=st.integers(1, 60), force=st.booleans(), task_id=st.just(1)
) | st.just(UNDO_LATEST)
groups = st.lists(st.lists(edits | undos, min_size=1, max_size=5), min_size=8, max_size=20)


def undo_event(sequence: int, *, force: bool = False) -> UndoEvent:
    """Ask for an event of the first task to be undone."""
    return UndoEvent(sequence=sequence, force=force, task_id=1)


@given(groups=groups)
# Each example brings a user of its own.
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_part_of_a_stream_decides_as_all_of_it_would(
    handler: CommandHandler, connection: Connection, groups: list[list[TaskCommand | UndoCommand]]
) -> None:
    user_id, life = f"user-{new_id()}", Life()
    creation = CreateTask(title="a", order=7.0)
    life.ask(creation)
    await handler.handle(asking(user_id), creation)
    for group in groups:
        outcomes = await asyncio.gather(
            *(handler.handle(asking(user_id), command) for command in group),
            return_exceptions=True,
        )
        assert [_refusal(outcome) for outcome in outcomes] == [_asked(life, each) for each in group]
    events = await events_of(connection, user_id)
    assert [
        (event.type, event.metadata.get("continues", False), event.metadata.get("restores"))
        for event in events
    ] == [(type_of(each.payload), each.continues, each.restores) for each in life.past]
    assert [event.data for event in events] == [
        json.loads(encode(each.payload)) for each in life.past
    ]
    assert [event.chain for event in events] == chain_of(events)


def _asked(life: Life, command: TaskCommand | UndoCommand) -> str | None:
    try:
        life.ask(command)
    except RefusalError as refusal:
        return type(refusal).__name__
    return None


def _refusal(outcome: Receipt | BaseException) -> str | None:
    return None if isinstance(outcome, Receipt) else type(outcome).__name__


async def test_the_trail_says_what_was_undone_and_what_belongs_together(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id), EditTask(task_id=1, title="b", completed=True))
    await handler.handle(asking(user_id), UNDO_LATEST)
    kept = ("command", "continues", "undoes", "restores")
    assert [
        (event.type, {name: event.metadata[name] for name in kept if name in event.metadata})
        for event in await events_of(connection, user_id)
    ] == [
        ("TaskCreated", {"command": "CreateTask"}),
        ("TaskRenamed", {"command": "EditTask"}),
        ("TaskCompleted", {"command": "EditTask", "continues": True}),
        ("TaskRenamed", {"command": "UndoLatest", "undoes": 2, "restores": 1}),
        (
            "TaskReopened",
            {"command": "UndoLatest", "continues": True, "undoes": 3, "restores": 1},
        ),
    ]


async def test_undone_twice_at_once_it_is_undone_once(
    handler: CommandHandler, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id), EditTask(task_id=1, title="b"))
    receipts = await asyncio.gather(
        *(handler.handle(asking(user_id), undo_event(2)) for _ in range(8))
    )
    assert [receipt.changed for receipt in receipts] == [True] + [False] * 7
    assert {(receipt.version, receipt.sequence) for receipt in receipts} == {(3, 3)}


async def test_a_retried_undo_gets_its_first_answer(handler: CommandHandler, user_id: str) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id), EditTask(task_id=1, title="b"))
    first = await handler.handle(asking(user_id, key="k"), UNDO_LATEST)
    await handler.handle(asking(user_id), EditTask(task_id=1, title="c"))
    again = await handler.handle(asking(user_id, key="k"), UNDO_LATEST)
    assert again == replace(first, replayed=True)
    with pytest.raises(KeyReusedError):
        await handler.handle(asking(user_id, key="k"), undo_event(2))


async def test_an_undo_may_expect_a_version(handler: CommandHandler, user_id: str) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    for command in (UNDO_LATEST, undo_event(1)):
        with pytest.raises(WrongVersionError):
            await handler.handle(asking(user_id, expected_version=7), command)


async def test_nothing_is_undone_of_what_the_user_does_not_have(
    handler: CommandHandler, user_id: str
) -> None:
    stranger = f"not-{user_id}"
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id), CreateTask(title="b"))
    with pytest.raises(TaskNotFoundError):
        await handler.handle(asking(stranger), UNDO_LATEST)
    for who, command in ((stranger, undo_event(1)), (user_id, undo_event(2))):
        with pytest.raises(EventNotFoundError):
            await handler.handle(asking(who), command)


def test_no_command_leads_to_more_events_of_a_task_than_are_read_around_one() -> None:
    assert len(Field) <= AROUND


async def test_a_long_stream_is_passed_over_once_and_little_of_it_is_read(
    handler: CommandHandler, connection: Connection, user_id: str
) -> None:
    await handler.handle(asking(user_id), CreateTask(title="a"))
    await handler.handle(asking(user_id), EditTask(task_id=1, title="b"))
    toggled = 10_000
    for _ in range(toggled // 100):
        asked = (handler.handle(asking(user_id), ToggleTask(task_id=1)) for _ in range(100))
        await asyncio.gather(*asked)
    receipt = await handler.handle(asking(user_id), undo_event(2))
    assert (receipt.changed, receipt.version) == (True, toggled + 3)
    await handler.handle(asking(user_id), UNDO_LATEST)
    text = files("events").joinpath("sql", "read_excerpts.sql").read_text(encoding="utf-8")
    wanted = {"user_ids": [user_id], "task_ids": [1], "sequences": [2], "around": AROUND}
    found = await plan(connection, cast("LiteralString", text), **wanted)
    assert found[0]["Actual Rows"] < 3 * AROUND
    assert {node["Node Type"] for node in touched(found, "event")}.isdisjoint({"Seq Scan"})
    read = sum(node["Actual Rows"] * node["Actual Loops"] for node in touched(found, "event"))
    assert read < 2.1 * toggled
