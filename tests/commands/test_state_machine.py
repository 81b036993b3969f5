"""Any history of commands, retries, conflicts and replays ends where a naive model ends."""

import asyncio
from contextlib import AsyncExitStack
from typing import override

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from commands.handler import CommandHandler, open_handler
from commands.receipt import Receipt
from commands.tasks import TaskCommand
from events.binding import UserReader
from events.database import Connection, open_pool
from events.ids import new_id
from events.tasks import Priority
from projections.inline import project
from projections.queries.tasks import get_task
from projections.task import RANKS
from tests.commands.model import Answer, Model
from tests.history import chain_of, events_of
from tests.people import asking
from tests.strategies import commands

type Asked = tuple[TaskCommand, str | None, int | None]
"""A command, its idempotency key, and the version it expects."""

keys = st.none() | st.sampled_from(["k1", "k2", "k3"])
expectations = st.none() | st.integers(0, 4)
asked = st.tuples(commands, keys, expectations)


class Commands(RuleBasedStateMachine):
    """One user, the real handler, and the model beside it."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.user_id = new_id()
        self.model = Model()
        self.past: list[Asked] = []
        self.runner = asyncio.Runner()
        self.resources = AsyncExitStack()
        self.handler, self.connection = self.runner.run(self._open())

    async def _open(self) -> tuple[CommandHandler, Connection]:
        pool = await self.resources.enter_async_context(open_pool(self.url, size=2))
        handler = await self.resources.enter_async_context(
            open_handler(pool, project, queue_limit=100)
        )
        return handler, await self.resources.enter_async_context(pool.connection())

    @rule(request=asked)
    def ask(self, request: Asked) -> None:
        """Somebody asks for something."""
        self._ask_at_once([request])

    @rule(requests=st.lists(asked, min_size=2, max_size=6))
    def ask_together(self, requests: list[Asked]) -> None:
        """Several requests meet in one group."""
        self._ask_at_once(requests)

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        """An answer was lost, so the same request comes again."""
        if self.past:
            self._ask_at_once([data.draw(st.sampled_from(self.past))])

    def _ask_at_once(self, requests: list[Asked]) -> None:
        expected = [self.model.ask(*request) for request in requests]
        assert expected == self.runner.run(self._answers(requests))
        self.past += [request for request in requests if request[1] is not None]

    async def _answers(self, requests: list[Asked]) -> list[Answer]:
        outcomes = await asyncio.gather(
            *(
                self.handler.handle(
                    asking(self.user_id, key=key, expected_version=version), command
                )
                for command, key, version in requests
            ),
            return_exceptions=True,
        )
        return [_answer(outcome) for outcome in outcomes]

    @invariant()
    def log_and_read_table_agree_with_the_model(self) -> None:
        """What is stored is what the model remembers."""
        self.runner.run(self._compare())

    async def _compare(self) -> None:
        events = await events_of(self.connection, self.user_id)
        assert [event.sequence for event in events] == list(range(1, self.model.events + 1))
        assert [event.chain for event in events] == chain_of(events)
        for task_id, task in self.model.tasks.items():
            row = await get_task(UserReader(self.connection, self.user_id), task_id)
            assert row is not None
            assert (row.title, row.description, row.order, row.version) == (
                task.title,
                task.description,
                task.order,
                task.version,
            )
            assert (row.priority, row.tags, row.due or "") == (
                RANKS[Priority(task.priority)],
                list(task.tags),
                task.due,
            )
            assert (row.completed_at is not None, row.deleted_at is not None) == (
                task.done,
                task.deleted,
            )

    @override
    def teardown(self) -> None:
        """Close what was opened."""
        self.runner.run(self.resources.aclose())
        self.runner.close()


def _answer(outcome: Receipt | BaseException) -> Answer:
    if isinstance(outcome, Receipt):
        return Answer(outcome.task_id, outcome.version, outcome.sequence)
    return Answer(refusal=type(outcome).__name__)


def test_any_history_ends_where_the_model_ends(database_url: str) -> None:
    Commands.url = database_url
    fewer = settings(max_examples=max(settings().max_examples // 4, 10), stateful_step_count=15)
    run_state_machine_as_test(Commands, settings=fewer)
