"""Taskfold's own role and database inside the cluster."""

from typing import LiteralString, cast

from api.embedded.start import Connection
from events.statements import statement

ROLE = "taskfold"
DATABASE = "taskfold"


def prepare_database(connection: Connection) -> str:
    """Make the role and the database where they are missing, and give the server's version."""
    row = connection.execute(_statement("cluster_facts")).fetchone()
    version, has_role, has_database = cast("tuple[str, bool, bool]", row)
    if not has_role:
        connection.execute(_statement("create_role"))
    if not has_database:
        connection.execute(_statement("create_database"))
    return version


def _statement(name: str) -> LiteralString:
    return statement("api.embedded", name)
