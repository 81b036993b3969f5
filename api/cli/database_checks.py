"""What the doctor looks at in the database: version, schema, trigger, isolation, clock."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg

from api.cli.check import Check, failed, passed, skipped
from api.cli.errors import SchemaBehindError
from api.cli.isolation_check import ISOLATION, check_isolation
from api.cli.say import say
from api.embedded.errors import EmbeddedServerError
from api.runtime import NEWEST_MAJOR, OLDEST_MAJOR, Database, server
from api.settings import Settings
from events import clock
from events.errors import EventLogError
from events.statements import statement
from migrations.upgrade import current_revision, head_revision

NAMES = ("database", "schema", "append-only trigger", ISOLATION, "clock")
DATABASE, SCHEMA, TRIGGER, _, CLOCK = NAMES

WORST_SKEW = 5.0
"""Seconds; tokens are checked against our clock, events are stamped by it, readers see both."""

TRIGGER_STATE = statement("api.cli", "append_only_trigger")
SERVER_CLOCK = statement("api.cli", "server_clock")

type Connection = psycopg.Connection[tuple[Any, ...]]


def check_database(settings: Settings) -> list[Check]:
    """Look at the database; what is tried in it is taken back."""
    try:
        with server(settings, say) as found, _connection(found) as connection:
            return [
                _check_version(found),
                _check_schema(found),
                _check_trigger(connection),
                check_isolation(connection),
                _check_clock(connection),
            ]
    except (EmbeddedServerError, EventLogError, psycopg.Error) as error:
        reason = " ".join(str(error).split())
        rest = (skipped(name, "The database must answer first.") for name in NAMES[1:])
        return [failed(DATABASE, reason), *rest]


@contextmanager
def _connection(found: Database) -> Generator[Connection]:
    with psycopg.connect(found.url, autocommit=True, prepare_threshold=None) as connection:
        yield connection


def _check_version(found: Database) -> Check:
    told = f"PostgreSQL {found.version} at {found.location}"
    if OLDEST_MAJOR <= found.major <= NEWEST_MAJOR:
        return passed(DATABASE, f"{told} answers.")
    return failed(DATABASE, f"{told} is not one of {OLDEST_MAJOR} to {NEWEST_MAJOR}; use one.")


def _check_schema(found: Database) -> Check:
    revision, head = current_revision(found.url), head_revision()
    if revision == head:
        return passed(SCHEMA, f"At revision {head}, the newest.")
    return failed(SCHEMA, str(SchemaBehindError(revision, head)))


def _check_trigger(connection: Connection) -> Check:
    row = connection.execute(TRIGGER_STATE).fetchone()
    match row:
        case (True,):
            return passed(TRIGGER, "Events can be neither changed nor removed.")
        case None:
            return failed(
                TRIGGER, "There is none on taskfold.event; run `taskfold migrate`, or restore it."
            )
        case _:
            return failed(
                TRIGGER,
                "It is switched off; run: alter table taskfold.event "
                "enable always trigger event_is_append_only, "
                "enable always trigger event_is_edited_by_erasure_alone",
            )


def _check_clock(connection: Connection) -> Check:
    asked = clock.now()
    [(there,)] = connection.execute(SERVER_CLOCK).fetchall()
    answered = clock.now()
    skew = abs((there - asked - (answered - asked) / 2).total_seconds())
    if skew <= WORST_SKEW:
        return passed(CLOCK, f"This machine and the database differ by {skew:.1f} s.")
    told = f"This machine and the database differ by {skew:.0f} s"
    return failed(CLOCK, f"{told}; set both by a time server (NTP).")
