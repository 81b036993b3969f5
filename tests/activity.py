"""What `daily_activity` must hold, as plain SQL says it: nothing of the product's own folding."""

from events.database import Connection

_FOLDED = """
    select
        user_id,
        (recorded_at at time zone 'UTC')::date as day,
        count(*) filter (where type = 'TaskCreated')::int as created,
        count(*) filter (where type = 'TaskCompleted')::int as completed,
        count(*) filter (where type = 'TaskReopened')::int as reopened,
        count(*) filter (where type = 'TaskDeleted')::int as deleted
    from taskfold.event
    where type in ('TaskCreated', 'TaskCompleted', 'TaskReopened', 'TaskDeleted')
    group by 1, 2
"""

_DIFFERENT = f"""
    with folded as ({_FOLDED}),
    live as (
        select user_id, day, created, completed, reopened, deleted from taskfold.daily_activity
    )
    (table folded except table live) union all (table live except table folded)
"""  # noqa: S608 - both parts stand above

_COUNTED = """
    select coalesce(sum(created + completed + reopened + deleted), 0)::bigint
    from taskfold.daily_activity
"""


async def different_days(connection: Connection) -> list[tuple[object, ...]]:
    """Give every row that only one of the live table and a fold of the log has."""
    return await (await connection.execute(_DIFFERENT)).fetchall()


async def counted_events(connection: Connection) -> int:
    """Give how many events the live table has counted; a doubled one would be counted twice."""
    [(count,)] = await (await connection.execute(_COUNTED)).fetchall()
    return int(str(count))
