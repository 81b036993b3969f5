"""When a task is due, as an instant, so that tasks can be sorted and compared by it."""

from datetime import UTC, date, datetime, time


def due_at(due: str) -> datetime | None:
    """Give the instant a task is due; None when it is due at none.

    A date, which has no zone, stands for the last moment of its day in UTC. A date-time carries its
    offset, so nothing here depends on what is known of zones today.
    """
    moment, _, zone = due.partition("[")
    if zone:
        return datetime.fromisoformat(moment).astimezone(UTC)
    return datetime.combine(date.fromisoformat(due), time.max, UTC) if due else None
