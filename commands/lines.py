"""Commands that wait for a group: a line for each user, so that one user's stay in order."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from commands.receipt import Receipt
from commands.request import Request


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command that waits for its group, and where its caller waits for the outcome."""

    request: Request
    outcome: asyncio.Future[Receipt]

    @property
    def user_id(self) -> str:
        """In whose line it stands."""
        return self.request.context.user_id


@dataclass(slots=True)
class Lines:
    """Who waits, and whose turn it is.

    A user with commands in a group under way has no turn until that group is done: what they ask
    next is decided on what has become of their log.

    Attributes:
        weight: How many commands wait, those in batches counted one by one.
    """

    weight: int = 0
    _lines: dict[str, deque[Waiting]] = field(default_factory=dict[str, deque[Waiting]])
    _turns: deque[str] = field(default_factory=deque[str])
    _under_way: set[str] = field(default_factory=set[str])

    def __bool__(self) -> bool:
        """Tell whether anybody waits, whether it is their turn or not."""
        return bool(self._lines)

    @property
    def is_somebodys_turn(self) -> bool:
        """Whether there is anything to gather."""
        return bool(self._turns)

    def join(self, waiting: Waiting) -> None:
        """Wait at the end of one's user's line."""
        user_id = waiting.user_id
        if user_id not in self._lines:
            self._lines[user_id] = deque()
            if user_id not in self._under_way:
                self._turns.append(user_id)
        self._lines[user_id].append(waiting)
        self.weight += waiting.request.weight

    def gather(self, limit: int) -> list[Waiting]:
        """Take about so many commands of users whose turn it is, to be carried out together.

        A last batch may go beyond the limit. A caller who has hung up meanwhile is not owed a
        commit.
        """
        group, weight = list[Waiting](), 0
        while self._turns and weight < limit:
            user_id = self._turns.popleft()
            self._under_way.add(user_id)
            line = self._lines[user_id]
            while line and weight < limit:
                weight += line[0].request.weight
                group.append(line.popleft())
            if not line:
                del self._lines[user_id]
        self.weight -= weight
        owed = [waiting for waiting in group if not waiting.outcome.done()]
        self._end_turns(
            {waiting.user_id for waiting in group}.difference(each.user_id for each in owed)
        )
        return owed

    def done(self, group: Iterable[Waiting]) -> None:
        """Give the users of a group a turn again."""
        self._end_turns({waiting.user_id for waiting in group})

    def leave(self) -> list[Waiting]:
        """Give everybody who waits, and let nobody wait any more."""
        everybody = [waiting for line in self._lines.values() for waiting in line]
        self._lines.clear()
        self._turns.clear()
        self.weight = 0
        return everybody

    def _end_turns(self, user_ids: Iterable[str]) -> None:
        for user_id in user_ids:
            self._under_way.discard(user_id)
            if user_id in self._lines:
                self._turns.append(user_id)
