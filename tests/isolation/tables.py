"""The tables that hold rows of users, as the database itself knows them."""

from psycopg import sql

from events.database import Connection

_OF_USERS = """
    select relname::text, relrowsecurity, relforcerowsecurity
    from pg_class
    join pg_attribute on attrelid = pg_class.oid and attname = 'user_id' and not attisdropped
    where relnamespace = 'taskfold'::regnamespace and relkind = 'r'
    order by relname
"""


async def guarded(connection: Connection) -> dict[str, tuple[object, object]]:
    """Give every table with a `user_id`, and whether its security is on, and forced."""
    cursor = await connection.execute(_OF_USERS)
    return {str(name): (on, forced) for name, on, forced in await cursor.fetchall()}


async def owners(connection: Connection, table: str) -> list[str]:
    """Give whose rows are to be seen in a table."""
    query = sql.SQL("select distinct user_id from {} order by user_id")
    cursor = await connection.execute(query.format(sql.Identifier("taskfold", table)))
    return [str(user_id) for (user_id,) in await cursor.fetchall()]
