"""What `taskfold serve` tells when it is ready: what runs where, and something to paste."""

import json
import shlex
from importlib.metadata import version
from pathlib import Path

from api.runtime import Database
from api.settings import Settings

DEMO_TASK = {"title": "Try Taskfold"}
"""The body of the request to paste."""


def banner(settings: Settings, found: Database, *, address: str, own_secret: Path) -> str:
    """Say what runs where.

    Args:
        settings: What the process was started with.
        found: The database.
        address: Where this machine reaches the server.
        own_secret: Where a signing secret that was made here is kept.
    """
    place = f"embedded in {found.location}" if found.embedded else found.location
    rows = {
        "PostgreSQL": f"{found.version}, {place}",
        "Address": settings.public_url or address,
        "Docs": f"{address}/api/docs",
        **_trusted(settings, own_secret),
    }
    lines = (f"  {name:<10}  {value}" for name, value in rows.items())
    return "\n".join([f"Taskfold {version('taskfold')} is ready.", *lines])


def _trusted(settings: Settings, own_secret: Path) -> dict[str, str]:
    """Say whose tokens are believed."""
    given = "BETTER_AUTH_SECRET; `taskfold token` mints a token to try things out"
    made = f"made here, kept in {own_secret}; set BETTER_AUTH_URL to believe your app's tokens"
    rows = {
        "Secret": given if settings.better_auth_secret else None,
        "Keys": f"fetched from {settings.jwks_url}" if settings.jwks_url else None,
    }
    return {name: row for name, row in rows.items() if row} or {"Secret": made}


def invitation(address: str, *, user: str, token: str) -> str:
    """Give a token, and a request to paste that creates a task with it."""
    request = [
        "curl",
        f"{address}/api/tasks",
        *("-H", f"Authorization: Bearer {token}"),
        *("-H", "Content-Type: application/json"),
        *("-d", json.dumps(DEMO_TASK)),
    ]
    return (
        f"A token for the user {user}, good for a day:\n\n{token}\n\n"
        f"Create a task with it:\n\n{shlex.join(request)}\n"
    )
