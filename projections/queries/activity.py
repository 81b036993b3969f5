"""Reading how much a user got done, day by day."""

from datetime import date

from psycopg.rows import class_row

from events.binding import UserReader
from events.statements import statement
from projections.daily_activity import DailyActivity

_LIST_ACTIVITY = statement("projections.queries", "list_activity")


async def list_activity(reader: UserReader, *, first: date, last: date) -> list[DailyActivity]:
    """List a user's days on which anything happened, oldest first, both ends included."""
    asked = {"first": first, "last": last}
    return await reader.rows(_LIST_ACTIVITY, asked, class_row(DailyActivity))
