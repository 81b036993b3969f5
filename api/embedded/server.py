"""An opening of the embedded PostgreSQL: started or joined, used, and left."""

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from api.data_directory import DataDirectoryError, private_directory
from api.embedded.account import Account, server_account
from api.embedded.database import DATABASE, ROLE, prepare_database
from api.embedded.errors import SilentServerError, StorageError
from api.embedded.locks import lock_file, share_lock, try_lock
from api.embedded.patience import Patience
from api.embedded.places import Places
from api.embedded.socket_directory import connection_url
from api.embedded.start import running_server, superuser_url
from api.embedded.stop import leave
from api.embedded.watch import watched


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedServer:
    """A running PostgreSQL of our own.

    Attributes:
        url: Where the application's role reaches its database.
        superuser_url: Where PostgreSQL's superuser reaches the cluster.
        version: What runs, such as "18.6".
        location: The directory of the database files.
    """

    url: str
    superuser_url: str
    version: str
    location: Path


def silent(_: str) -> None:
    """Tell nobody."""


@contextmanager
def embedded_server(
    data_dir: Path,
    report: Callable[[str], None] = silent,
) -> Generator[EmbeddedServer]:
    """Use the PostgreSQL of a data directory together with every other process that does.

    The first to come starts it, the last to leave stops it, and one that dies is started again.

    Args:
        data_dir: The data directory, made if it is missing.
        report: Hears about work that takes long, in sentences, from any thread.

    Raises:
        EmbeddedServerError: It cannot be had; the message says the way out.
    """
    with ExitStack() as use:
        with _explained(data_dir):
            places = Places(data_dir=private_directory(data_dir))
            account = server_account()
            users_lock = use.enter_context(lock_file(places.users_lock))
            use.callback(leave, places, users_lock)
            server = _open(places, account, users_lock, report)
            use.enter_context(watched(places, account, report))
        yield server


def _open(
    places: Places,
    account: Account,
    users_lock: int,
    report: Callable[[str], None],
) -> EmbeddedServer:
    patience = Patience(report)
    with lock_file(places.control_lock) as control:
        while not try_lock(control):
            patience.wait("Another Taskfold process is starting or stopping PostgreSQL")
        share_lock(users_lock)
        version = _prepared(places, account, report)
    return EmbeddedServer(
        url=connection_url(places.socket_directory, role=ROLE, database=DATABASE),
        superuser_url=superuser_url(places),
        version=version,
        location=places.cluster,
    )


def _prepared(
    places: Places,
    account: Account,
    report: Callable[[str], None],
    attempts: int = 3,
) -> str:
    """Have our database in a running server, even if that dies meanwhile; give its version."""
    try:
        with running_server(places, account, report) as connection:
            return prepare_database(connection)
    except psycopg.Error as error:
        if attempts == 1:
            raise SilentServerError(places.cluster, str(error).partition("\n")[0]) from error
    return _prepared(places, account, report, attempts - 1)


@contextmanager
def _explained(data_dir: Path) -> Generator[None]:
    """Turn what the operating system says no to into a sentence."""
    try:
        yield
    except DataDirectoryError as error:
        raise StorageError(data_dir, error.reason) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        raise StorageError(data_dir, f"{place}{error.strerror or error}") from error
