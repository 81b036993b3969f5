"""What a client asks of what happened: which of it, from which end, and which page of that."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.http.cursor import cursor
from api.http.moments import beginning
from api.http.pages import PageQuery, next_link
from api.http.task_number import LARGEST
from api.http.task_query import Instant
from api.identity.limits import SUBJECT_LIMIT
from events.codec import SCHEMA_VERSIONS
from projections.queries.trail import Order, TrailFilter

TYPES = sorted(class_.__name__ for class_ in SCHEMA_VERSIONS)
TYPES_LIMIT = 20


def _known(value: str) -> str:
    if value not in TYPES:
        raise _no_type()
    return value


def _no_type() -> PydanticCustomError:
    return PydanticCustomError("event_type", "This must be a type of event, as TaskCompleted is.")


EventType = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": TYPES})
]
Actor = Annotated[
    str | None,
    Field(max_length=SUBJECT_LIMIT),
    WithJsonSchema({"type": "string", "maxLength": SUBJECT_LIMIT}),
]
TaskNumber = Annotated[
    int | None,
    Field(ge=1, le=LARGEST),
    WithJsonSchema({"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST}),
]


class HistoryQuery(PageQuery):
    """Which page of what happened to a task."""

    order: Order = Field(default=Order.NEWEST, description="Which end comes first.")
    type: list[EventType] = Field(
        default=[],
        max_length=TYPES_LIMIT,
        description="A type of event; given again, any of them.",
    )
    actor: Actor = Field(default=None, description="Who did it, as in `sub`.")
    since: Instant = Field(default=None, description="What happened at this instant or later.")
    until: Instant = Field(default=None, description="What happened before this instant.")

    def wanted(self, task_id: int | None) -> TrailFilter:
        """Say what is wanted of the trail, or of one task's."""
        return TrailFilter(
            task_id=task_id,
            types=tuple(self.type) or None,
            actor=self.actor,
            since=beginning(self.since) if self.since else None,
            until=beginning(self.until) if self.until else None,
        )

    def list_of(self, task_id: int | None) -> str:
        """Name the list that cursors are given for."""
        return f"history/{task_id}/{self.order}" if task_id else f"trail/{self.order}"

    def link(self, address: str, task_id: int | None, seen: int) -> str:
        """Give the Link header that leads to the next page."""
        kept = self.model_dump(
            mode="json", exclude_defaults=True, exclude={"order", "limit", "cursor"}
        )
        mark = cursor(self.list_of(task_id), seen)
        return next_link(address, order=self.order, limit=self.limit, **kept, cursor=mark)


class TrailQuery(HistoryQuery):
    """Which page of everything that a user did."""

    task: TaskNumber = Field(default=None, description="What happened to this task.")


AskedHistory = Annotated[HistoryQuery, Query()]
AskedTrail = Annotated[TrailQuery, Query()]
