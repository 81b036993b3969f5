"""The only source of time, so that everything else can be given it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant in UTC, to the microsecond PostgreSQL can keep."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place the clock is read
