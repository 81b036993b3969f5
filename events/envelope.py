"""What surrounds a fact: before the log accepts it, and after."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from events.log_events import Fact, Payload

# Structs, since a replay makes millions of these: a sixth of the time of a frozen dataclass.


class Metadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who caused an event, through which request, and why; what is not known is not written.

    Attributes:
        actor: The id of who asked, as the identity provider gives it.
        role: The role in which they asked, unless it was as the owner of the log.
        command: The name of the command that was accepted, such as `CompleteTask`.
        request_id: The request that carried the command.
        correlation_id: Shared by everything one original request caused.
        causation_id: The direct cause when it was not the request itself.
        client: The user agent the request named, when it named one and that is kept.
        address: The address the request came from, when that is kept.
        continues: Whether the command of the task's event before has led to this one, too.
        undoes: The sequence of the event whose change this one takes back.
        restores: The sequence of the event whose change holds again since.
    """

    actor: str
    command: str
    request_id: str
    correlation_id: str
    causation_id: str | None = None
    client: str | None = None
    address: str | None = None
    role: str | None = None
    continues: bool = False
    undoes: int | None = None
    restores: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A fact on its way into the log: decided, not yet recorded.

    `version` is its place in its task's stream, which the decider's caller has counted.
    """

    task_id: int
    version: int
    payload: Fact
    metadata: Metadata


class LoggedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in its place in a user's log: all that a projection needs of it.

    Attributes:
        user_id: Whose log holds it.
        sequence: Its place in that log: 1, 2, 3 … without a gap.
        task_id: Which of the user's tasks it happened to; 0 for the log itself.
        version: Its place in that task's stream: 1, 2, 3 … without a gap.
        recorded_at: When the log took it, UTC, never earlier than the event before it.
    """

    user_id: str
    sequence: int
    task_id: int
    version: int
    payload: Payload
    metadata: Metadata
    recorded_at: datetime


class RecordedEvent(LoggedEvent, frozen=True, kw_only=True):
    """A fact as the log keeps it, with what proves it.

    Attributes:
        digest: SHA-256 over its content.
        chain: SHA-256 over its place, its digest and the chain of the event before it.
    """

    digest: bytes
    chain: bytes


class PlacedEvent(LoggedEvent, frozen=True, kw_only=True):
    """A fact together with its place in the whole store, as readers of history are given it."""

    position: int
