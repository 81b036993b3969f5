"""The database that the verbs of `taskfold log` work on."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import psycopg

from api.cli.errors import SchemaBehindError
from api.cli.say import say
from api.runtime import Database, server
from api.settings import Settings
from events.database import Pool, open_pool
from events.errors import DatabaseUnreachableError
from migrations.upgrade import current_revision, head_revision


@contextmanager
def current_database(settings: Settings) -> Generator[Database]:
    """Have a database whose schema is at the newest revision; it is not brought there.

    Raises:
        SchemaBehindError: It is at another.
    """
    with server(settings, say) as found:
        revision, head = current_revision(found.url), head_revision()
        if revision != head:
            raise SchemaBehindError(revision, head)
        yield found


@asynccontextmanager
async def log_pool(settings: Settings, url: str) -> AsyncGenerator[Pool]:
    """Connect for one long piece of work.

    Raises:
        DatabaseUnreachableError: No connection could be had, or it was lost on the way.
    """
    try:
        async with open_pool(url, size=2, prepared_statements=settings.prepared_statements) as pool:
            yield pool
    except psycopg.OperationalError as error:
        raise DatabaseUnreachableError(" ".join(str(error).split())) from error
