"""Every projection there is, in the order in which they are listed and written."""

from collections.abc import Mapping
from typing import Any

from projections.daily_activity import DAILY_ACTIVITY
from projections.errors import UnknownProjectionError
from projections.projection import Mode, Projection
from projections.task import TASK
from projections.task_change import TASK_CHANGE
from projections.task_terms import TASK_TERMS

type AnyProjection = Projection[Any]

PROJECTIONS: Mapping[str, AnyProjection] = {
    projection.name: projection for projection in (TASK, TASK_CHANGE, TASK_TERMS, DAILY_ACTIVITY)
}

INLINE = tuple(each for each in PROJECTIONS.values() if each.mode is Mode.INLINE)
ASYNC = tuple(each for each in PROJECTIONS.values() if each.mode is Mode.ASYNC)


def find_projection(name: str) -> AnyProjection:
    """Find a projection by its name.

    Raises:
        UnknownProjectionError: There is none of that name.
    """
    projection = PROJECTIONS.get(name)
    if projection is None:
        raise UnknownProjectionError(name, tuple(PROJECTIONS))
    return projection
