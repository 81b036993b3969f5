"""Looking up what a request is about, together with the requests beside it."""

import psycopg

from api.http.reading import read
from api.http.state import AppState
from events.lookup import Lookup, Value


async def look_up[T](state: AppState, user_id: str, lookup: Lookup[T], **asked: Value) -> list[T]:
    """Read one user's rows in one exchange with what other requests look up; alone if that fails.

    Raises:
        psycopg.Error: The database stayed away, or does not take the query.
    """
    try:
        return await state["lookups"].rows(user_id, lookup, asked)
    except psycopg.Error:
        # Another's lookup may be to blame, or the connection they shared.
        return await read(
            state["pool"],
            user_id,
            lambda reader: reader.look_up(lookup, asked),
        )
