import asyncio
from collections import defaultdict
from typing import override

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from commands.lines import Lines, Waiting
from commands.receipt import Receipt
from commands.request import Request
from commands.tasks import CreateTask
from tests.people import asking

LIMIT = 3


class Crowd(RuleBasedStateMachine):
    """Everybody has one turn, each user's in order, and no user two at once."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.lines = Lines()
        self.joined = defaultdict[str, list[Waiting]](list)
        self.gathered = defaultdict[str, list[Waiting]](list)
        self.under_way = list[list[Waiting]]()

    @rule(user_id=st.sampled_from(["ada", "bob", "cyd"]))
    def join(self, user_id: str) -> None:
        request = Request(context=asking(user_id), command=CreateTask(title="a"))
        waiting = Waiting(request, asyncio.Future[Receipt](loop=self.loop))
        self.joined[user_id].append(waiting)
        self.lines.join(waiting)

    @precondition(lambda self: self.joined)
    @rule(data=st.data())
    def hang_up(self, data: st.DataObject) -> None:
        everybody = [waiting for line in self.joined.values() for waiting in line]
        data.draw(st.sampled_from(everybody)).outcome.cancel()

    @rule()
    def gather(self) -> None:
        group = self.lines.gather(LIMIT)
        busy = {waiting.user_id for other in self.under_way for waiting in other}
        assert len(group) <= LIMIT
        assert busy.isdisjoint(waiting.user_id for waiting in group)
        for waiting in group:
            self.gathered[waiting.user_id].append(waiting)
        if group:
            self.under_way.append(group)

    @precondition(lambda self: self.under_way)
    @rule(data=st.data())
    def done(self, data: st.DataObject) -> None:
        group = data.draw(st.sampled_from(self.under_way))
        self.under_way.remove(group)
        self.lines.done(group)

    @invariant()
    def each_line_is_in_order(self) -> None:
        for user_id, line in self.joined.items():
            mine = self.gathered[user_id]
            assert mine == [waiting for waiting in line if waiting in mine]

    @override
    def teardown(self) -> None:
        while self.under_way or self.lines.is_somebodys_turn:
            self.gather()
            if self.under_way:
                self.lines.done(self.under_way.pop())
        for user_id, line in self.joined.items():
            assert all(each in self.gathered[user_id] or each.outcome.done() for each in line)
        assert (bool(self.lines), self.lines.weight) == (False, 0)
        self.loop.close()


TestCrowd = Crowd.TestCase


def test_a_line_that_is_left_is_empty() -> None:
    loop = asyncio.new_event_loop()
    request = Request(context=asking("ada"), command=CreateTask(title="a"))
    lines, ada = Lines(), Waiting(request, asyncio.Future[Receipt](loop=loop))
    lines.join(ada)
    assert lines.leave() == [ada]
    assert (bool(lines), lines.weight, lines.is_somebodys_turn) == (False, 0, False)
    loop.close()
