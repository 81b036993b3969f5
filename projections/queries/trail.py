"""What happened to a user's tasks: what of it is wanted, and what an entry and a page are."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from events.envelope import Metadata
from projections.task_change import Value


class Order(StrEnum):
    """Which end of a trail comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """What of a trail is wanted; None demands nothing.

    Attributes:
        task_id: What happened to this task.
        types: What is of one of these types.
        actor: What this person has done.
        since: What happened at this instant or later.
        until: What happened before this instant.
    """

    task_id: int | None = None
    types: tuple[str, ...] | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def sifts(self) -> bool:
        """Whether some events of a range may be left out."""
        return self.types is not None or self.actor is not None


EVERYTHING = TrailFilter()


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a field held before an event, and what it held after."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """One event of a user, who caused it, what it says, and the fields it changed."""

    sequence: int
    task_id: int
    version: int
    type: str
    recorded_at: datetime
    data: str
    metadata: Metadata
    changes: tuple[FieldChange, ...]
    chain: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """Some entries of a trail.

    Attributes:
        entries: What was found, in the order asked for; perhaps nothing, even if there is more.
        seen: The place after which the next page goes on; None when there is none.
    """

    entries: list[TrailEntry]
    seen: int | None
