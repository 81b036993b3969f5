"""Bringing a database's schema to the newest revision, from any number of processes at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from events.tables import SCHEMA
from migrations.database import connect
from migrations.guard import secure
from migrations.positions import continue_positions

BASE = "base"
"""What Alembic calls a database without any of our revisions."""


def upgrade(url: str) -> None:
    """Bring the schema to the newest revision; a database already there is only looked at.

    Raises:
        DatabaseUnreachableError: No connection could be made.
    """
    if pending(url):
        command.upgrade(configuration(url), "head")
    with connect(url) as connection:
        secure(connection)
        continue_positions(connection)


def downgrade(url: str, revision: str) -> None:
    """Take the schema back to an older revision, or to `base`."""
    command.downgrade(configuration(url), revision)


def pending(url: str) -> bool:
    """Tell whether the schema is behind (or ahead of) this version of the code."""
    return current_revision(url) != head_revision()


def current_revision(url: str) -> str | None:
    """Give the revision a database is at, or None when it holds nothing of ours."""
    with connect(url) as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
        return context.get_current_revision()


def head_revision() -> str | None:
    """Give the newest revision this version of the code knows."""
    return ScriptDirectory.from_config(configuration("")).get_current_head()


def configuration(url: str) -> Config:
    """Give Alembic its settings without a file, so that an installed wheel migrates too."""
    config = Config(attributes={"url": url})
    location = Path(__file__).parent
    config.set_main_option("script_location", str(location).replace("%", "%%"))
    return config
