"""What every way of starting needs first: a database at the newest schema, secrets to trust."""

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError

from api.database_url import redacted
from api.embedded.server import embedded_server
from api.identity.secret import own_secret
from api.runtime_errors import SchemaRefusedError, UnknownSchemaError, UnsupportedServerError
from api.settings import Settings
from events.database import open_pool
from events.errors import DatabaseUnreachableError
from events.event_types import check_event_types
from events.passing import is_passing
from migrations.database import connect
from migrations.upgrade import current_revision, upgrade
from projections.rebuild.filling import fill
from projections.registration import register

OLDEST_MAJOR = 15
NEWEST_MAJOR = 18
"""The range of PostgreSQL that is tested; a newer one is let in, an older one is not."""


PATIENCE, PAUSE = 10.0, 0.2
"""Seconds for which a server that has just answered and is gone again is tried once more, as after
a crash, and seconds between the attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A PostgreSQL that answers.

    Attributes:
        url: Where to connect, as libpq reads it; holds the password.
        location: Where it is, for people: a directory, or the URL without its password.
        version: What runs there, such as "18.6".
        embedded: Whether it was started here and stops with its last user.
    """

    url: str
    location: str
    version: str
    embedded: bool

    @property
    def major(self) -> int:
        """The major version."""
        return int(self.version.partition(".")[0])


@contextmanager
def database(settings: Settings, report: Callable[[str], None]) -> Generator[Database]:
    """Have a database at the newest schema, opening the server and migrating as needed.

    Args:
        settings: Where it is; without a DATABASE_URL the embedded server is started or joined.
        report: Hears about work that takes long, in sentences, from any thread.

    Raises:
        DatabaseUnreachableError: The server at DATABASE_URL does not answer.
        UnknownEventTypeError: The log holds events that only a newer Taskfold can read.
        ProjectionError: A read table was filled by a newer Taskfold, or a new one cannot be filled.
        EmbeddedServerError: The embedded server cannot be had.
        RuntimeFailureError: The server answers and cannot be used.
    """
    with server(settings, report) as found:
        migrate(found)
        asyncio.run(_fill(found.url, report))
        yield found


@contextmanager
def server(settings: Settings, report: Callable[[str], None]) -> Generator[Database]:
    """Have a database as it is, whatever its schema; see `database`."""
    if settings.database_url is None:
        with embedded_server(settings.data_dir, report) as own:
            location = str(own.location)
            yield Database(url=own.url, location=location, version=own.version, embedded=True)
        return
    url = settings.database_url
    version = _server_version(url)
    yield Database(url=url, location=redacted(url), version=version, embedded=False)


def migrate(found: Database) -> None:
    """Bring the schema of a database to the newest revision, and make projections known to it.

    Raises:
        UnknownEventTypeError: The log holds events that only a newer Taskfold can read.
        ProjectionError: A read table was filled by a newer Taskfold.
        RuntimeFailureError: The server is too old, refuses, or was migrated by a newer Taskfold.
    """
    if found.major < OLDEST_MAJOR:
        raise UnsupportedServerError(found.version, oldest=OLDEST_MAJOR)
    give_up = time.monotonic() + PATIENCE
    while not _upgraded(found, patient=time.monotonic() < give_up):
        time.sleep(PAUSE)
    asyncio.run(_register(found.url))


async def _register(url: str) -> None:
    async with (
        open_pool(url, size=1, prepared_statements=False) as pool,
        pool.connection() as connection,
    ):
        await check_event_types(connection)
        await register(connection)


async def _fill(url: str, report: Callable[[str], None]) -> None:
    async with open_pool(url, size=2, prepared_statements=False) as pool:
        await fill(pool, report)


def _upgraded(found: Database, *, patient: bool) -> bool:
    """Bring the schema to the newest revision; False if that may go better in a moment."""
    try:
        upgrade(found.url)
    except CommandError as error:
        raise UnknownSchemaError(current_revision(found.url)) from error
    except DatabaseUnreachableError:
        if not patient:
            raise
        return False
    except DBAPIError as error:
        if not (patient and _is_passing(error.orig)):
            raise SchemaRefusedError(str(error.orig).partition("\n")[0]) from error
        return False
    return True


def _is_passing(error: BaseException | None) -> bool:
    return isinstance(error, psycopg.Error) and is_passing(error)


def signing_secrets(settings: Settings) -> tuple[bytes, ...]:
    """Give the secrets that may sign tokens, the one to sign with first; none where keys do.

    Raises:
        DataDirectoryError: None is set and the data directory for one of our own cannot be used.
        DamagedSecretError: None is set and the file with our own is damaged.
    """
    given = settings.better_auth_secret
    if given:
        return tuple(secret.get_secret_value().encode() for secret in given)
    # Whoever trusts an issuer's keys asked for no secret, least of all one that lies on a disk.
    return () if settings.jwks_url else (own_secret(settings.data_dir),)


def _server_version(url: str) -> str:
    with connect(url) as connection:
        number = connection.dialect.server_version_info or (0,)
        return ".".join(str(part) for part in number)
