"""What a client asks of the list of tasks: which, in which order, and which page of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.http.as_of import AsOf
from api.http.moments import beginning, checked_day_or_instant, checked_instant, end
from api.http.pages import PageQuery
from api.http.signed_cursor import Bookmark
from api.http.tags import TAGS_LIMIT
from api.http.task_fields import Tag
from events.tasks import Priority
from projections.queries.listing import Listing, Place, Sort, TaskFilter, place_of
from projections.queries.moment import Moment
from projections.task import RANKS, Task
from projections.terms import words

SEARCH_LIMIT = 200
WORDS_LIMIT = 10
INSTANT_LIMIT = 40

Status = Literal["all", "open", "done", "pending", "completed"]
SortName = Literal[
    "created", "updated", "due", "due_date", "priority", "title", "order",
    "-created", "-updated", "-due", "-due_date", "-priority", "-title", "-order",
]  # fmt: skip

_COMPLETED = {"open": False, "pending": False, "done": True, "completed": True}
PAGE = {"limit", "cursor"}
"""The parameters that say which page, and not of what."""


def _searched(value: str) -> str:
    if not 1 <= len(words(value)) <= WORDS_LIMIT:
        raise PydanticCustomError("words", "This must hold 1 to 10 words.")  # noqa: EM101
    return value


def _given(check: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(lambda value: None if value is None else check(value))


def _text(limit: int, **also: str) -> WithJsonSchema:
    """Say of a parameter that may be left out what it is when it is not."""
    return WithJsonSchema({"type": "string", "maxLength": limit, **also})


Instant = Annotated[
    str | None,
    Field(max_length=INSTANT_LIMIT),
    _given(checked_instant),
    _text(INSTANT_LIMIT, format="date-time"),
]
DayOrInstant = Annotated[
    str | None,
    Field(max_length=INSTANT_LIMIT),
    _given(checked_day_or_instant),
    WithJsonSchema(
        {
            "type": "string",
            "maxLength": INSTANT_LIMIT,
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
        }
    ),
]
Search = Annotated[
    str | None, Field(max_length=SEARCH_LIMIT), _given(_searched), _text(SEARCH_LIMIT)
]
Wanted = Annotated[
    Priority | None, WithJsonSchema({"type": "string", "enum": [*map(str, Priority)]})
]


class TaskSelection(BaseModel):
    """Which tasks; everything that is said must be true of each."""

    model_config = ConfigDict(extra="forbid")

    status: Status = Field(
        default="all", description="Whether they are done; `pending` is open, `completed` done."
    )
    priority: Wanted = Field(default=None, description="Their priority.")
    tag: list[Tag] = Field(
        default=[], max_length=TAGS_LIMIT, description="A tag they have; given again, all of them."
    )
    due_before: DayOrInstant = Field(
        default=None,
        description="They are due before this day (UTC) or instant.",
    )
    due_after: DayOrInstant = Field(
        default=None,
        description="They are due after this day (UTC) or instant.",
    )
    overdue: bool = Field(default=False, description="They are open and past due.")
    updated_since: Instant = Field(
        default=None,
        description="Something happened to them then or later.",
    )
    q: Search = Field(
        default=None,
        description="Words of their titles and descriptions: whole, their beginnings, or with one "
        "letter wrong; capitals and accents do not matter.",
    )

    def filter(self, now: datetime) -> TaskFilter:
        """Say which tasks are meant."""
        return TaskFilter(
            completed=_COMPLETED.get(self.status),
            priority=None if self.priority is None else RANKS[self.priority],
            tags=tuple(self.tag),
            due_before=beginning(self.due_before) if self.due_before else None,
            due_after=end(self.due_after) if self.due_after else None,
            overdue_at=now if self.overdue else None,
            updated_since=beginning(self.updated_since) if self.updated_since else None,
            text=self.q or "",
        )

    def asked(self) -> dict[str, str | list[str] | bool]:
        """Give what was said of them, in one spelling."""
        return self.model_dump(mode="json", exclude_defaults=True, exclude=PAGE)


class TaskQuery(TaskSelection, PageQuery):
    """Which page of the list; a cursor goes on with what the first page was asked for."""

    as_of: AsOf = Field(
        default=None,
        description="The list as it was after this one of your events, or at this instant.",
    )

    sort: SortName = Field(
        default="-created",
        description="What they are sorted by, `-` from the other end; `due_date` is due. What is "
        "due at no time comes last.",
    )

    def listing(self, at: datetime, after: Place | None) -> Listing:
        """Say what the page shows."""
        return Listing(
            filter=self.filter(at),
            sort=self._sort,
            descending=self.sort.startswith("-"),
            after=after,
        )

    def bookmark(self, last: Task, at: datetime, moment: Moment | None) -> Bookmark:
        """Say where the next page goes on."""
        place = place_of(last, self._sort)
        return Bookmark(
            asked=self.asked(),
            began_at=at.isoformat(),
            key=place.key,
            task_id=place.task_id,
            as_of=moment and moment.sequence,
        )

    @property
    def _sort(self) -> Sort:
        return Sort(self.sort.removeprefix("-").removesuffix("_date"))


Asked = Annotated[TaskQuery, Query()]
Selected = Annotated[TaskSelection, Query()]
