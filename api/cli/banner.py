"""What `taskfold serve` tells when it is ready: what runs where, and something to paste."""

import json
import shlex
from importlib.metadata import version
from pathlib import Path

from api.runtime import Database
from api.settings import Settings

DEMO_TASK = {"title": "Try Taskfold"}
"""The body of the request to paste."""


def banner(settings: Settings, found: Database, *, address: str, secret: Path | None) -> str:
    """Say what runs where.

    Args:
        settings: What the process was started with.
        found: The database.
        address: Where this machine reaches the server.
        secret: Where the signing secret is kept, if it was made here.
    """
    place = f"embedded in {found.location}" if found.embedded else found.location
    rows = {
        "PostgreSQL": f"{found.version}, {place}",
        "Address": settings.public_url or address,
        "Docs": f"{address}/api/docs",
        "Secret": f"made here, kept in {secret}; set BETTER_AUTH_SECRET to share your app's"
        if secret
        else "BETTER_AUTH_SECRET; `taskfold token` mints a token to try things out",
    }
    lines = (f"  {name:<10}  {value}" for name, value in rows.items())
    return "\n".join([f"Taskfold {version('taskfold')} is ready.", *lines])


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
