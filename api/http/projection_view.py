"""How a projection is, as operators see it."""

from datetime import UTC, datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from projections.projection import Mode
from projections.status.status import Condition, ProjectionStatus

EXAMPLE: JsonDict = {
    "name": "daily_activity",
    "mode": "async",
    "condition": "failed",
    "version": 1,
    "live_version": 1,
    "lag_events": 12,
    "lag_seconds": 61.2,
    "paused_at": "2026-11-24T10:15:30.123456Z",
    "failure": "CannotApplyError: ValueError",
}


class ProjectionView(BaseModel):
    """One projection and how it is."""

    model_config = ConfigDict(title="Projection", json_schema_extra={"examples": [EXAMPLE]})

    name: str = Field(description="What it and its read table are called.")
    mode: Mode = Field(description="When its rows are written.")
    condition: Condition = Field(description="How it is, in a word.")
    version: int = Field(description="The version of this code.")
    live_version: int = Field(description="The version that filled the live table; 0 if none.")
    lag_events: int = Field(description="Events it has not applied yet.", ge=0)
    lag_seconds: float = Field(description="How far it is behind in time.", ge=0)
    paused_at: AwareDatetime | None = Field(description="Since when it is stopped.")
    failure: str | None = Field(description="Why it stopped, without a word of what events say.")


def view(status: ProjectionStatus) -> ProjectionView:
    """Show a projection to an operator."""
    return ProjectionView(
        name=status.name,
        mode=status.mode,
        condition=status.condition,
        version=status.version,
        live_version=status.live_version,
        lag_events=status.lag.events,
        lag_seconds=status.lag.seconds,
        paused_at=_utc(status.paused_at),
        failure=None if status.failure is None else status.failure.reason,
    )


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(UTC)
