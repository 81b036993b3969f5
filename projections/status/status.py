"""Everything an operator wants to know of every projection, for people, scripts and monitors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from projections.following.lease import Failure
from projections.generation import Phase
from projections.projection import Mode
from projections.status.lag import Lag


class Condition(StrEnum):
    """How a projection is, in a word: the first of these that is true of it."""

    FAILED = "failed"
    """It stopped at an event that it cannot apply."""
    PAUSED = "paused"
    """An operator has stopped it."""
    REBUILDING = "rebuilding"
    """Another table is being made for it, or made ready again."""
    NOT_FILLED = "not filled"
    """It came to a log with a past, and its table does not hold that past yet."""
    OUTDATED = "outdated"
    """Its table was filled by an older version of its code."""
    LIVE = "live"
    """None of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """An event that a projection was told to pass over."""

    name: str
    user_id: str
    sequence: int
    type: str
    reason: str
    skipped_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """How far a rebuild or a rollback is.

    Attributes:
        generation: The table it makes, and the version of the code that fills it.
        phase: What it is doing, and since when.
        done: Events worked through in this phase.
        events: Events there are in all, as far as was known at the start.
        rate: Events a second in this phase, since somebody began or went on with it.
        seconds_left: How long this phase will still take at that rate; None if nobody can tell.
        started_at: When the table was made.
        failure: The event it stopped at, and why.
    """

    generation: int
    version: int
    phase: Phase
    phase_began_at: datetime
    done: int
    events: int
    rate: float
    seconds_left: float | None
    started_at: datetime
    failure: Failure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """The table that was live before, and can be again."""

    generation: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionStatus:
    """Everything about one projection.

    Attributes:
        name: What it is called.
        mode: When its rows are written.
        condition: How it is, in a word.
        version: The version of this code.
        live_version: The version of the code that has filled the live table; 0 if none has yet.
        generation: Which of its tables is live; 0 if the database does not know it yet.
        position: Everything up to here is in it; None for an inline one, which has everything.
        lag: What it has still to do.
        owner: The projector that carries it on, if one does.
        owned_until: Until when, unless that one is heard of again.
        paused_at: Since when it is stopped, whether by an operator or at an event.
        failure: The event it stopped at, and why.
        failed_at: When it did.
        skips: What it was told to pass over.
        rebuild: How far its rebuild is, if there is one.
        previous: The table that was live before.
    """

    name: str
    mode: Mode
    condition: Condition
    version: int
    live_version: int
    generation: int
    position: int | None
    lag: Lag
    owner: str | None
    owned_until: datetime | None
    paused_at: datetime | None
    failure: Failure | None
    failed_at: datetime | None
    skips: Sequence[Skip]
    rebuild: Rebuild | None
    previous: Previous | None
