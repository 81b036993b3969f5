"""What became of a task between two moments, as clients see it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.http.event_view import FieldChange
from api.http.task_view import EXAMPLE as TASK_EXAMPLE, Task, view as task_view
from projections.queries.differences import Difference as DifferenceRow
from projections.task_change import UNSET

EXAMPLE: JsonDict = {
    "id": 12,
    "change": "changed",
    "changes": [{"field": "completed", "before": False, "after": True}],
    "task": TASK_EXAMPLE,
}

_FIELDS = [field for field in UNSET if field != "deleted"]


class Change(StrEnum):
    """What became of a task."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Difference(BaseModel):
    """One task that is not what it was, or was in the list at one of the two moments only."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: int = Field(description="The task's number.", ge=1)
    change: Change = Field(description="What became of it.")
    changes: list[FieldChange] = Field(description="The fields that changed, if it was in both.")
    task: Task = Field(description="The task as it is at `to`; one that is removed, at `from`.")


def view(difference: DifferenceRow, base_url: str) -> Difference | None:
    """Show what became of a task; None if it is what it was, whatever happened in between."""
    before, after = (
        None if task is None else task_view(task, base_url)
        for task in (difference.before, difference.after)
    )
    changes = _changes(before, after) if before and after else []
    shown = after or before
    if shown is None or (before and after and not changes):
        return None
    change = Change.ADDED if not before else Change.CHANGED if after else Change.REMOVED
    return Difference(id=difference.task_id, change=change, changes=changes, task=shown)


def _changes(before: Task, after: Task) -> list[FieldChange]:
    one, other = (task.model_dump(mode="json", include={*_FIELDS}) for task in (before, after))
    return [
        FieldChange(field=field, before=one[field], after=other[field])
        for field in _FIELDS
        if one[field] != other[field]
    ]
