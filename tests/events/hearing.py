"""What the tests of listeners and announcers share."""

import asyncio

from events.database import Pool
from events.listener import Hearing, Listener


async def until(listener: Listener, hearing: Hearing) -> None:
    async with asyncio.timeout(20):
        while listener.hearing is not hearing:  # noqa: ASYNC110 - the state has no event to await
            await asyncio.sleep(0.01)


async def refuse_notifications(pool: Pool) -> None:
    """Have a pool's connection refuse to notify, as a server would that has become read-only."""
    async with pool.connection() as connection:
        await connection.execute("""
            create function public.pg_notify(text, text) returns void language plpgsql as $$
            begin
                raise exception using errcode = 'read_only_sql_transaction';
            end
            $$
        """)
        await connection.execute("set search_path = public, pg_catalog")


async def allow_notifications(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("reset search_path")
