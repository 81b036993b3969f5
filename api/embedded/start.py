"""Having a running server: joined as it is, waited for while it is busy, or started."""

from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from api.embedded.account import Account
from api.embedded.errors import (
    EmbeddedServerError,
    LingeringProcessesError,
    SilentServerError,
    StartError,
)
from api.embedded.launch import Launched, launch
from api.embedded.locks import claim
from api.embedded.log_file import last_lines
from api.embedded.patience import Patience
from api.embedded.places import Places
from api.embedded.postmaster import live_postmaster, read_pid_file
from api.embedded.socket_directory import connection_url, prepare_socket_directory

_CONNECT_TIMEOUT = 5
_MOST_LAUNCHES = 4
LONGEST_SILENCE = 30.0
_BUSY = "the database system is"

type Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a live server cannot be used yet, and the error if that must not last."""

    reason: str
    error: EmbeddedServerError | None = None


_STARTING = Obstacle(reason="PostgreSQL is starting up or replaying its write-ahead log")
_STOPPING = Obstacle(reason="PostgreSQL is finishing an earlier shutdown")


def running_server(
    places: Places,
    account: Account,
    report: Callable[[str], None],
) -> Connection:
    """Connect to the server as its superuser, starting it if need be.

    A server that starts, replays its log or stops is waited for as long as it lives.

    Raises:
        EmbeddedServerError: It cannot be had.
    """
    # Before joining too: by now a directory of that name could be somebody else's.
    prepare_socket_directory(places.socket_directory, account)
    patience = Patience(report)
    launches: list[Launched] = []
    while True:
        with claim(places.server_lock) as server_lock:
            if server_lock is not None:
                _check(places, launches)
                launches.append(
                    launch(places, account=account, server_lock=server_lock, report=report),
                )
        answer = _connect(places)
        if not isinstance(answer, Obstacle):
            return answer
        if patience.wait(answer.reason) > LONGEST_SILENCE and answer.error is not None:
            raise answer.error


def superuser_url(places: Places) -> str:
    """The address at which PostgreSQL's superuser reaches the cluster."""
    return connection_url(places.socket_directory, role="postgres", database="postgres")


def _check(places: Places, launches: list[Launched]) -> None:
    """Give up on a server that ended of its own accord, or was killed too often."""
    if not launches:
        return
    killed = launches[-1].was_killed()
    if not killed or len(launches) == _MOST_LAUNCHES:
        lines = last_lines(places.log, launches[-1].log_length)
        raise StartError(places.log, lines, killed=killed)


def _connect(places: Places) -> Connection | Obstacle:
    noted = read_pid_file(places.cluster)
    if noted is None or live_postmaster(places.cluster) is None:
        error = LingeringProcessesError(places.cluster, LONGEST_SILENCE)
        return Obstacle(reason="Processes of an earlier PostgreSQL are still ending", error=error)
    # Each refused connection costs a process and a line in the log, so none is tried before.
    if noted.status in {"", "starting"}:
        return _STARTING
    return _STOPPING if noted.status == "stopping" else _try_connection(places)


def _try_connection(places: Places) -> Connection | Obstacle:
    url = superuser_url(places)
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_TIMEOUT)
    except psycopg.OperationalError as error:
        reason = str(error).partition("\n")[0]
        # After the crash of a child it recovers without saying so in the pid file.
        if _BUSY in reason:
            return _STARTING
        silence = SilentServerError(places.cluster, reason)
        return Obstacle(reason="PostgreSQL does not answer", error=silence)
