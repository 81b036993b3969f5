"""`taskfold token`: a token to try the API with, or for a script."""

import json
from datetime import timedelta
from typing import Annotated

import typer

from api import logs
from api.cli.errors import NoSecretError
from api.cli.lifetime import lifetime
from api.identity.issue import issue_token
from api.identity.limits import SUBJECT_LIMIT
from api.identity.secret import secret_path
from api.runtime import signing_secrets
from api.settings import load_settings
from events import clock


def subject(text: str) -> str:
    """Read a user's id.

    Raises:
        typer.BadParameter: The API would refuse it.
    """
    if not 1 <= len(text) <= SUBJECT_LIMIT or not text.isprintable():
        message = f"write 1 to {SUBJECT_LIMIT} printable characters"
        raise typer.BadParameter(message)
    return text


def token(
    *,
    user: Annotated[str, typer.Option(parser=subject, help="Whom the token stands for.")] = "demo",
    expires: Annotated[
        timedelta, typer.Option(parser=lifetime, metavar="1h", help="How long it is good for.")
    ] = "1h",  # pyright: ignore[reportArgumentType] - typer parses the default too
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Print a token that the API accepts, signed with the first secret (HS256)."""
    settings = load_settings()
    logs.configure(settings)
    secrets = signing_secrets(settings)
    if not secrets:
        raise NoSecretError(str(settings.jwks_url))
    now = clock.now()
    signed = issue_token(
        secrets[0],
        user_id=user,
        now=now,
        lifetime=expires,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
    )
    if not as_json:
        print(signed)
        return
    own = None if settings.better_auth_secret else str(secret_path(settings.data_dir))
    expiry = (now + expires).isoformat(timespec="seconds").replace("+00:00", "Z")
    source = own or "BETTER_AUTH_SECRET"
    print(json.dumps({"token": signed, "user": user, "expires_at": expiry, "secret": source}))
