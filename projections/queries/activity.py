"""Reading how much a user got done, day by day."""

from datetime import date

from psycopg.rows import class_row

from events.database import Connection
from events.statements import statement
from projections.daily_activity import DailyActivity

_LIST_ACTIVITY = statement("projections.queries", "list_activity")


async def list_activity(
    connection: Connection, user_id: str, *, first: date, last: date
) -> list[DailyActivity]:
    """List a user's days on which anything happened, oldest first, both ends included."""
    cursor = connection.cursor(row_factory=class_row(DailyActivity))
    await cursor.execute(_LIST_ACTIVITY, {"user_id": user_id, "first": first, "last": last})
    return await cursor.fetchall()
