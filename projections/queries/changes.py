"""Reading what has changed in a user's tasks since a place in their log."""

from dataclasses import dataclass

from psycopg.rows import class_row, tuple_row

from events.binding import UserReader
from events.statements import statement
from projections.task import Task

_LIST_CHANGES = statement("projections.queries", "list_changes")
_LOG_PLACE = statement("projections.queries", "log_place")
_READ_MARKS = statement("projections.queries", "read_marks")

NO_MARK = bytes(32)
"""The chain before the first event."""


async def list_changes(reader: UserReader, *, after: int, begun: int, limit: int) -> list[Task]:
    """List a user's tasks whose last change came after a sequence, in the order of those changes.

    A task that changes while somebody reads page after page moves to the end, where they meet it
    again; so none is missed, and nothing is held open between the pages.

    Args:
        reader: Reads the rows of whoever asks.
        after: Up to which sequence everything is known.
        begun: Where the log stood when the reader knew nothing; what was deleted until then is
            left out.
        limit: The most tasks to give.
    """
    asked = {"after": after, "begun": begun, "limit": limit}
    return await reader.rows(_LIST_CHANGES, asked, class_row(Task), prepare=False)


async def read_marks(reader: UserReader, *sequences: int) -> list[bytes | None]:
    """Give the chain values of a user's log at some sequences; None where there is no event."""
    rows = await reader.rows(_READ_MARKS, {"sequences": list(sequences)}, tuple_row)
    found = {0: NO_MARK, **{int(sequence): bytes(chain) for sequence, chain in rows}}
    return [found.get(sequence) for sequence in sequences]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPlace:
    """A place in a user's log, and where the log stands.

    Attributes:
        head: The sequence of the last event.
        head_chain: The chain value there.
        chain: The chain value at the place; None when it is not in the log.
    """

    head: int
    head_chain: bytes
    chain: bytes | None


async def read_log_place(reader: UserReader, sequence: int) -> LogPlace:
    """Look for a place in a user's log; what was erased is still a place."""
    begun = NO_MARK if sequence == 0 else None
    match await reader.rows(_LOG_PLACE, {"sequence": sequence}, tuple_row):
        case [(int() as head, bytes() as head_chain, chain)]:
            return LogPlace(head=head, head_chain=head_chain, chain=chain or begun)
        case _:
            return LogPlace(head=0, head_chain=NO_MARK, chain=begun)
