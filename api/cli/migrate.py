"""`taskfold migrate`: the schema at the newest revision, before the new code is let loose."""

import json
from typing import Annotated

import typer

from api import logs
from api.cli.errors import SchemaBehindError
from api.cli.say import say
from api.runtime import migrate as bring_to_head, server
from api.settings import load_settings
from migrations.upgrade import current_revision, head_revision


def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if there is something to do.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Bring the schema of the database to the newest revision."""
    settings = load_settings()
    logs.configure(settings)
    with server(settings, say) as found:
        before = current_revision(found.url)
        if not check:
            bring_to_head(found)
        after = current_revision(found.url)
    head = head_revision()
    if as_json:
        print(json.dumps({"from": before, "to": after, "head": head}))
    elif before == after == head:
        print(f"The schema is at revision {head}, the newest.")
    elif after == head:
        print(f"The schema went from revision {before or 'none'} to {head}.")
    if after != head:
        raise SchemaBehindError(after, head)
