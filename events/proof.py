"""Proving one user's log to the user: verified page by page, going on where it was before."""

from dataclasses import dataclass
from typing import Protocol

from psycopg.rows import class_row

from events.audit import SMALLEST_BIGINT, HeadedEvent, StoredHead
from events.binding import UserReader
from events.finding import Finding
from events.head import LogHead
from events.statements import statement
from events.verification import LogCheck

PAGE = 500
"""Events verified between two looks at what else is to be done: some milliseconds."""

_LOG = statement("events", "audit_log")
_HEAD = statement("events", "audit_head")


class Reads(Protocol):
    """Reads for one user, on whichever connection."""

    async def page(self, first: int, limit: int) -> list[HeadedEvent]:
        """Read events from a sequence on, each beside the head of that instant."""
        ...

    async def head(self) -> StoredHead | None:
        """Read where the log stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What verification has come to.

    Attributes:
        head: Where the log stands; None when there is none.
        checked: Events looked at this time.
        is_complete: Whether the end of the log was reached.
        finding: The first thing wrong.
    """

    head: LogHead | None
    checked: int
    is_complete: bool
    finding: Finding | None


async def read_page(reader: UserReader, first: int, limit: int) -> list[HeadedEvent]:
    """Read a page of a user's log from a sequence on."""
    asked = {"sequence": first, "limit": limit}
    return await reader.rows(_LOG, asked, class_row(HeadedEvent))


async def read_head(reader: UserReader) -> StoredHead | None:
    """Read where a user's log stands."""
    return next(iter(await reader.rows(_HEAD, {}, class_row(StoredHead))), None)


async def prove(reads: Reads, check: LogCheck, *, limit: int) -> Proof:
    """Verify a log on from where a check of it stands, at most so many events of it."""
    checked, first = 0, check.sequence + 1 if check.sequence else SMALLEST_BIGINT
    head: LogHead | None = None
    while checked < limit:
        page = await reads.page(first, min(PAGE, limit - checked))
        for event in page:
            check.take(event, event.head_sequence)
        if page:
            checked, first, head = checked + len(page), page[-1].sequence + 1, page[-1].head
            continue
        if head is None or head.sequence != check.sequence:
            # Of another instant than the empty page: events may have come in between.
            seen, head = head, await reads.head()
            if head is not None and (seen is None or seen.sequence < head.sequence):
                continue
        finding = _finding(check, head, checked)
        return Proof(head=head, checked=checked, is_complete=True, finding=finding)
    return Proof(head=head, checked=checked, is_complete=False, finding=check.finding_so_far())


def _finding(check: LogCheck, head: LogHead | None, checked: int) -> Finding | None:
    nothing_there = head is None and not checked and not check.sequence
    return None if nothing_there else check.finding_before(head)
