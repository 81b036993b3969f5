"""The doctor's proof that the configured server keeps the rows of users apart."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg

from api.cli.check import Check, failed, passed, skipped
from events.ids import new_id
from events.statements import statement

ISOLATION = "isolation"

_HAS_GUARD = statement("api.cli", "has_guard")
_UNGUARDED = statement("api.cli", "unguarded_tables")
_REQUEST_ROLE = statement("api.cli", "request_role")
_ADD_LOG = statement("api.cli", "add_log")
_VISIBLE = statement("api.cli", "visible_logs")
_BIND = statement("events", "bind_user")
_UNSET = statement("api.cli", "unset_user")

_REMEDY = "run `taskfold migrate`, and if that does not help, report it"

type Connection = psycopg.Connection[tuple[Any, ...]]


def check_isolation(connection: Connection) -> Check:
    """Be a user for a moment and reach for the rows of another; all of it is taken back."""
    if connection.execute(_HAS_GUARD).fetchone() != (True,):
        return skipped(ISOLATION, "The schema must be at the newest revision first.")
    if tables := [name for (name,) in connection.execute(_UNGUARDED)]:
        told = ", ".join(f"taskfold.{name}" for name in tables)
        return failed(ISOLATION, f"Row-level security is off for {told}; {_REMEDY}.")
    [(role,)] = connection.execute(_REQUEST_ROLE).fetchall()
    try:
        with _taken_back(connection):
            fault = _fault(connection, has_role=role != "none")
    except psycopg.Error as error:
        fault = f"What a request does is refused ({type(error).__name__})"
    if fault:
        return failed(ISOLATION, f"{fault}; {_REMEDY}.")
    if role == "none":
        told = "The setting of the user alone does that, since this login may make no role"
        return passed(ISOLATION, f"A request reaches the rows of its user alone. {told}.")
    return passed(ISOLATION, f"A request reaches the rows of its user alone, as the role {role}.")


def _fault(connection: Connection, *, has_role: bool) -> str | None:
    """Say what is wrong, if anything is."""
    users = {"own": f"doctor-{new_id()}", "other": f"doctor-{new_id()}"}
    for user_id in users.values():
        connection.execute(_ADD_LOG, {"user_id": user_id})
    connection.execute(_BIND, {"user_id": users["own"]})
    if _seen(connection, users) != (1, 0):
        return "A request does not see exactly the rows of its user"
    if not _is_refused(connection, _ADD_LOG, {"user_id": f"doctor-{new_id()}"}):
        return "A request can write rows of another user"
    connection.execute(_UNSET)
    if has_role and _seen(connection, users) != (0, 0):
        return "A request that has no user sees rows"
    return None


def _seen(connection: Connection, users: Mapping[str, str]) -> tuple[Any, ...] | None:
    return connection.execute(_VISIBLE, users).fetchone()


def _is_refused(connection: Connection, query: LiteralString, asked: Mapping[str, object]) -> bool:
    try:
        with connection.transaction():
            connection.execute(query, asked)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


@contextmanager
def _taken_back(connection: Connection) -> Generator[None]:
    with connection.transaction(force_rollback=True):
        yield
