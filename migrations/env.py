"""How Alembic reaches the database: one connection, one transaction, one lock, our schema alone."""

import os

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import CreateSchema

from events.tables import SCHEMA
from migrations.database import connect
from migrations.turn import take_turn
from projections.tables import METADATA, is_other_generation


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Look at our schema only: tables of Better Auth or anybody else are none of our business.

    Nor are those that a rebuild is making or has replaced.
    """
    if kind == "table":
        return not is_other_generation(name or "")
    return kind != "schema" or name == SCHEMA


def migrate(connection: Connection) -> None:
    """Run what Alembic was asked for, alone and all or nothing."""
    take_turn(connection)
    connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
    # Where the role is named as our schema, PostgreSQL makes it the default one, and Alembic would
    # then look for our tables under no name at all.
    connection.dialect.default_schema_name = "public"
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        version_table_schema=SCHEMA,
        include_schemas=True,
        include_name=include_name,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with connect(context.config.attributes.get("url") or os.environ["DATABASE_URL"]) as connection:
    migrate(connection)
