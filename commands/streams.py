"""What a process remembers of tasks it has handled, so that a long history is folded once."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commands.state import INITIAL, TaskState

LIMIT = 20_000
"""The most tasks remembered; those not asked about for the longest time are forgotten first."""

type StreamKey = tuple[str, int]
"""A user and the number of one of their tasks."""


@dataclass(frozen=True, slots=True)
class Stream:
    """A task's state, the version it has reached, and the place of its last event in the log."""

    state: TaskState = INITIAL
    version: int = 0
    sequence: int = 0


class KnownStreams:
    """Folds of committed events: one may be behind the log, and is never wrong.

    Whoever uses it reads the events after the known version under the lock of the user's log, and
    passes over what the log has been erased of since.
    """

    def __init__(self) -> None:
        self._streams: OrderedDict[StreamKey, Stream] = OrderedDict()

    def among(self, keys: Iterable[StreamKey]) -> dict[StreamKey, Stream]:
        """Give what is known of some streams."""
        return {key: self._streams[key] for key in keys if key in self._streams}

    def remember(self, streams: Mapping[StreamKey, Stream]) -> None:
        """Keep what has been committed."""
        for key, stream in streams.items():
            self._streams[key] = stream
            self._streams.move_to_end(key)
        while len(self._streams) > LIMIT:
            self._streams.popitem(last=False)

    def forget(self) -> None:
        """Drop everything: after a lost connection the database may be an older one, restored."""
        self._streams.clear()
