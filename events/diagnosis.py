"""Naming what was done to a log, from the first event that does not follow and those after it.

A chain value that is still original betrays what it was computed from. So the questions are: does
a later event fit here, does the next one fit behind this one, and if so at which sequence?
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from events.canonical import canonical_text
from events.chain import content_digest, link
from events.errors import NotCanonicalError
from events.finding import Kind
from events.head import LogHead
from events.reader import StoredEvent

WINDOW = 32
"""Events looked at from the first bad one on; what was moved or shifted farther is named broken."""

type Verdict = tuple[Kind, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known where a log stops following.

    Attributes:
        sequence: The last event that was in order.
        chain: Its chain value.
        events: The first event that does not follow, and up to `WINDOW` of those after it.
        head: Where the log should end, when that is known.
    """

    sequence: int
    chain: bytes
    events: Sequence[StoredEvent]
    head: LogHead | None

    @property
    def first(self) -> StoredEvent:
        """The first event that does not follow."""
        return self.events[0]

    @property
    def expected(self) -> int:
        """The sequence the next event in order would have."""
        return self.sequence + 1


def digest_of(event: StoredEvent) -> bytes | None:
    """Compute the digest of what an event says now, or None when it says nothing that has one."""
    try:
        return content_digest(canonical_text(event.data), canonical_text(event.metadata))
    except NotCanonicalError:
        return None


def chain_behind(
    previous: bytes, event: StoredEvent, *, digest: bytes | None = None, sequence: int | None = None
) -> bytes:
    """Compute an event's chain value behind another, if need be as if it stood elsewhere."""
    return link(
        previous,
        digest or event.digest,
        user_id=event.user_id,
        sequence=sequence or event.sequence,
        task_id=event.task_id,
        version=event.version,
        type_=event.type,
        schema_version=event.schema_version,
        recorded_at=event.recorded_at,
    )


def diagnose(scene: Scene) -> Verdict:
    """Name what was done where a log stops following."""
    for question in _QUESTIONS:
        verdict = question(scene)
        if verdict is not None:
            return verdict
    return Kind.BROKEN, f"it does not follow from event {scene.sequence}"


def _was_added_at_the_end(scene: Scene) -> Verdict | None:
    head = scene.head
    if head is None or (head.sequence, head.chain) != (scene.sequence, scene.chain):
        return None
    return Kind.INSERTED, f"the log ends at event {head.sequence} according to its head"


def _is_beyond_the_head(scene: Scene) -> Verdict | None:
    head = scene.head
    if head is None or scene.expected <= head.sequence:
        return None
    if not _fits(scene.first, scene.chain, scene.expected):
        return None
    return Kind.HEAD, f"the log ends at event {head.sequence} according to its head"


def _says_something_else(scene: Scene) -> Verdict | None:
    event, digest = scene.first, digest_of(scene.first)
    if event.is_redacted:
        # Its digest is all that is left of what it said.
        return None
    if event.sequence != scene.expected or digest == event.digest:
        return None
    if chain_behind(scene.chain, event) == event.chain:
        return Kind.CONTENTS, "its payload and metadata are not those of its digest"
    if digest is not None and chain_behind(scene.chain, event, digest=digest) == event.chain:
        return Kind.HASH, "its digest is not that of its payload and metadata"
    return None


def _stands_elsewhere(scene: Scene) -> Verdict | None:
    here = next(
        (event for event in scene.events if _fits(event, scene.chain, scene.expected)), None
    )
    if here is None or (here is scene.first and here.sequence == scene.expected):
        return None
    found = f"the event that belongs here is found farther on, as number {here.sequence}"
    if scene.first.sequence != scene.expected or _belongs_farther_on(scene):
        return Kind.REORDERED, found
    return Kind.INSERTED, found


def _belongs_farther_on(scene: Scene) -> bool:
    places = range(scene.expected + 1, scene.expected + WINDOW)
    return any(
        _fits(scene.first, before.chain, place) for before in scene.events[1:] for place in places
    )


def _left_a_gap(scene: Scene) -> Verdict | None:
    if scene.first.sequence == scene.expected:
        return None
    return Kind.REMOVED, f"the event after {scene.sequence} is {scene.first.sequence}"


def _closed_a_gap(scene: Scene) -> Verdict | None:
    first = scene.first
    for missing in range(1, WINDOW):
        if _is_followed(scene, first.chain, missing):
            return Kind.REMOVED, f"the events from here on were once numbered {missing} higher"
    return None


def _stands_otherwise(scene: Scene) -> Verdict | None:
    first = scene.first
    if _is_followed(scene, first.chain, 0):
        return Kind.EDITED, "its chain value is of another time, type, task, version or digest"
    if _is_followed(scene, chain_behind(scene.chain, first), 0):
        return Kind.HASH, "its chain value is not what the next event was chained to"
    return None


def _is_followed(scene: Scene, chain: bytes, missing: int) -> bool:
    """Tell whether a chain value is what the rest of the log was built on."""
    if len(scene.events) > 1:
        following = scene.events[1]
        return _fits(following, chain, following.sequence + missing)
    head, last = scene.head, scene.first.sequence + missing
    return head is not None and (head.sequence, head.chain) == (last, chain)


def _fits(event: StoredEvent, previous: bytes, sequence: int) -> bool:
    return chain_behind(previous, event, sequence=sequence) == event.chain


_QUESTIONS: tuple[Callable[[Scene], Verdict | None], ...] = (
    _was_added_at_the_end,
    _says_something_else,
    _is_beyond_the_head,
    _stands_elsewhere,
    _left_a_gap,
    _stands_otherwise,
    _closed_a_gap,
)
