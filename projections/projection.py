"""What a projection is: code that turns events into the rows of one read table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import cast

import msgspec
from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import SQLModel

from events.codec import SCHEMA_VERSIONS
from events.envelope import LoggedEvent
from events.tasks import TaskEvent
from projections.errors import MismatchedTableError, UnknownIgnoredError

type Key = tuple[str | int | date, ...]
"""The values that tell which row an event is about; the user's id comes first."""


class Row(msgspec.Struct, frozen=True):
    """A row of a read table; its fields are the table's columns, in order."""

    user_id: str


class Mode(StrEnum):
    """When a projection's rows are written."""

    INLINE = "inline"
    """In the append's own transaction."""
    ASYNC = "async"
    """By a projector that follows the log."""


# Without slots, since what follows from its fields is asked for with every event: it is kept.
@dataclass(frozen=True, kw_only=True)
class Projection[R: Row]:
    """Everything the engine needs to know of one projection.

    Attributes:
        name: What it and its read table are called.
        version: Raised when its rows mean something else than before; a rebuild is due then.
        mode: When its rows are written.
        table: The read table.
        row: A row of it.
        keys: Which rows an event is about.
        evolve: What becomes of one of them; None for one that is not there yet. Pure.
        ignored: The events it says nothing of. Any other it cannot handle is an error.
        history: Whether a row is added for each change instead of being replaced: the last column
            of the table's key then counts the rows of one key, and `evolve` is given the newest.
    """

    name: str
    version: int
    mode: Mode
    table: type[SQLModel]
    row: type[R]
    keys: Callable[[LoggedEvent], Sequence[Key]]
    evolve: Callable[[R | None, LoggedEvent, Key], R]
    ignored: frozenset[type[TaskEvent]] = frozenset()
    history: bool = False

    def __post_init__(self) -> None:
        """Refuse a definition that contradicts itself."""
        if self.row.__struct_fields__ != self.columns or self.sql_table.name != self.name:
            raise MismatchedTableError(self.name)
        if unknown := self.ignored - SCHEMA_VERSIONS.keys():
            raise UnknownIgnoredError(self.name, sorted(kind.__name__ for kind in unknown))

    @cached_property
    def sql_table(self) -> Table:
        """The read table as SQLAlchemy knows it."""
        return cast("Table", vars(self.table)["__table__"])

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The table's columns, in order."""
        # Plain, since SQLAlchemy's names of reserved words are of a kind that is no JSON.
        return tuple(str(column.name) for column in self.sql_table.columns)

    @cached_property
    def json_columns(self) -> frozenset[int]:
        """The places of the columns that hold JSON."""
        columns = enumerate(self.sql_table.columns)
        return frozenset(place for place, column in columns if isinstance(column.type, JSONB))

    @cached_property
    def array_columns(self) -> frozenset[int]:
        """The places of the columns that hold arrays of texts."""
        columns = enumerate(self.sql_table.columns)
        return frozenset(place for place, column in columns if isinstance(column.type, ARRAY))

    @cached_property
    def primary_key(self) -> tuple[str, ...]:
        """The columns that tell one row from all others."""
        return tuple(str(column.name) for column in self.sql_table.primary_key.columns)

    @cached_property
    def key_of(self) -> Callable[[R], Key]:
        """What gives a row's key."""
        first, *rest = self.key
        return attrgetter(first, *rest) if rest else lambda row: (getattr(row, first),)

    @cached_property
    def is_of_tasks(self) -> bool:
        """Whether each row is about one task, so that none is there before its first event."""
        return self.key[1:2] == ("task_id",)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that `keys` gives values for."""
        return self.primary_key[:-1] if self.history else self.primary_key
