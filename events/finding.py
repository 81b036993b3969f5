"""What verification finds wrong with a log."""

from dataclasses import dataclass
from enum import StrEnum
from typing import override


class Kind(StrEnum):
    """How a log differs from what was written."""

    CONTENTS = "contents edited"
    EMPTIED = "emptied"
    EDITED = "edited"
    HASH = "hash edited"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    BROKEN = "chain broken"
    INCONSISTENT = "inconsistent"
    TRUNCATED = "tail cut off"
    HEAD = "head edited"
    HEADLESS = "head missing"
    REWRITTEN = "rewritten since it was sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The first thing that is wrong with one user's log; it holds nothing a task says.

    Attributes:
        user_id: Whose log it is; None when only a seal still knows of it.
        sequence: The first event that is not as it was written.
        kind: What was done to it, as far as the log still shows.
        type: The event's type; None when there is no such event any more.
        detail: What was expected and what was found.
    """

    user_id: str | None
    sequence: int
    kind: Kind
    type: str | None = None
    detail: str

    @override
    def __str__(self) -> str:
        # Quoted, since what was tampered with may hold anything, control characters included.
        user = "A sealed log" if self.user_id is None else f"User {self.user_id!r}"
        type_ = "" if self.type is None else f" ({self.type!r})"
        return f"{user}, event {self.sequence}{type_}: {self.kind}; {self.detail}."
