"""The table that services without history keep."""

from pathlib import Path

import psycopg

from tests.benchmarks.scale import Scale

HERE = Path(__file__).parent
INSERT = HERE / "crud_insert.sql"


def crud_table(url: str, scale: Scale) -> None:
    """Make it, with as many tasks as our own store is given, and let the planner know."""
    sizes = {"users": scale.users, "tasks": scale.tasks_of_a_user}
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute((HERE / "crud_table.sql").read_bytes())
        connection.execute((HERE / "crud_fill.sql").read_bytes(), sizes)
        connection.execute("vacuum analyze crud_task")
