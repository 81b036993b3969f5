"""How the process and its projections are, for everybody to see: nobody's id and nobody's words."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from pydantic.json_schema import SkipJsonSchema

from api.identity.published_keys import KeyState
from events.listener import Hearing
from projections.status.health import ProjectionHealth
from projections.status.status import Condition

STALLED = 5.0
"""Seconds for which writers may keep readers waiting; PostgreSQL ends the ones that hang after
ten."""

_NOTHING_FAILED: JsonDict = {
    "name": "task",
    "state": "live",
    "lag_events": 0,
    "lag_seconds": 0.0,
    "oldest_unprocessed_seconds": 0.0,
    "differences": 0,
}
EXAMPLES: list[JsonDict] = [
    {
        "status": "ready",
        "wake_up": "listening",
        "issuer_keys": "fresh",
        "mark_stalled_seconds": 0.0,
        "projections": [_NOTHING_FAILED],
    },
    {
        "status": "degraded",
        "wake_up": "listening",
        "issuer_keys": "fresh",
        "mark_stalled_seconds": 0.0,
        "projections": [
            _NOTHING_FAILED,
            {
                "name": "daily_activity",
                "state": "failed",
                "lag_events": 12,
                "lag_seconds": 61.2,
                "oldest_unprocessed_seconds": 75.0,
                "differences": 0,
                "failed_event": {"position": 8017, "sequence": 31, "type": "TaskCompleted"},
            },
        ],
    },
]


class FailedEvent(BaseModel):
    """The event a projection cannot apply; `taskfold projections list` says whose it is."""

    position: int = Field(description="Its place in the whole store.")
    sequence: int = Field(description="Its place in its user's log.")
    type: str = Field(description="What happened.")


class ProjectionState(BaseModel):
    """How one projection is."""

    name: str
    state: Condition = Field(description="What is to be said of it first.")
    lag_events: int = Field(description="Events it has not applied yet.", ge=0)
    lag_seconds: float = Field(
        description="Between the last event it has applied and the last there is.", ge=0
    )
    oldest_unprocessed_seconds: float = Field(
        description="The age of the oldest event it has not applied.", ge=0
    )
    differences: int = Field(
        description="Rows that a rebuild under way, or the routine check of this process, has "
        "found not to equal history.",
        ge=0,
    )
    failed_event: FailedEvent | SkipJsonSchema[None] = Field(
        default=None, description="The event it stopped at, if it did."
    )


class Ready(BaseModel):
    """The process can serve; when degraded, somebody should look after it meanwhile.

    `wake_up` says how it learns of what other processes append: `listening` within moments;
    `polling` (a pooler swallows notifications) or `lost` (the listening connection is being sought
    again) within half a second. `mark_stalled_seconds` says for how long writers that do not end
    have kept async projections from going on.

    `issuer_keys` says how well the keys are known that tokens are signed with: `fresh`; `stale`
    (the issuer does not answer; those it had are trusted for an hour); `missing` (it does not, and
    there are none); `unused` (no issuer that publishes keys is set).
    """

    model_config = ConfigDict(json_schema_extra={"examples": [*EXAMPLES]})

    status: Literal["ready", "degraded"]
    wake_up: Hearing
    issuer_keys: KeyState
    mark_stalled_seconds: float = Field(ge=0)
    projections: list[ProjectionState]


def view(
    projections: Sequence[ProjectionHealth],
    *,
    hearing: Hearing,
    issuer_keys: KeyState,
    stalled: float,
    checked: Mapping[str, int],
) -> Ready:
    """Say how everything is.

    Args:
        projections: How they are.
        hearing: How this process learns of what others append.
        issuer_keys: How well the keys are known that tokens are signed with.
        stalled: For how many seconds writers have kept readers waiting.
        checked: In how many rows of each projection the routine check has found something.
    """
    well = all(projection.is_well for projection in projections)
    well = well and stalled < STALLED and not any(checked.values())
    return Ready(
        status="ready" if well else "degraded",
        wake_up=hearing,
        issuer_keys=issuer_keys,
        mark_stalled_seconds=round(stalled, 1),
        projections=[_view(each, checked.get(each.status.name, 0)) for each in projections],
    )


def _view(projection: ProjectionHealth, checked: int) -> ProjectionState:
    status, lag = projection.status, projection.status.lag
    state = ProjectionState(
        name=status.name,
        state=status.condition,
        lag_events=lag.events,
        lag_seconds=round(lag.seconds, 1),
        oldest_unprocessed_seconds=round(lag.oldest_seconds, 1),
        differences=projection.differences + checked,
    )
    if (event := projection.failed_event) is None:
        return state
    failed = FailedEvent.model_validate(event, from_attributes=True)
    return state.model_copy(update={"failed_event": failed})
