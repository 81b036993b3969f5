"""`taskfold serve`: everything from nothing to a running API, and back."""

from datetime import timedelta
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

from api import logs
from api.app import create_app, end_streams
from api.cli.banner import banner, invitation
from api.cli.drained_server import DRAIN_SECONDS, DrainedServer, run_server
from api.cli.garbage import collect_rarely
from api.cli.listener import BACKLOG, address_of, listen
from api.cli.say import say
from api.cli.stop_signals import stop_signals
from api.identity.issue import issue_token
from api.identity.secret import secret_path
from api.runtime import Database, database, signing_secrets
from api.settings import Settings, load_settings
from api.wire.cut_off import CutOffRequests
from api.wire.protocol import GuardedProtocol
from events import clock

DEMO_USER = "demo"
DEMO_LIFETIME = timedelta(days=1)


def serve(
    host: Annotated[str | None, typer.Option(help="Listen on this address.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65_535, help="Listen on this port; 0 takes a free one.")
    ] = None,
) -> None:
    """Start PostgreSQL if there is no DATABASE_URL, migrate, and serve the API."""
    given = {"host": host, "port": port}
    chosen = {name: value for name, value in given.items() if value is not None}
    settings = load_settings().model_copy(update=chosen)
    logs.configure(settings)
    with (
        stop_signals() as signals,
        listen(settings.host, settings.port) as listener,
        database(settings, say) as found,
    ):
        welcome = _welcome(settings, found, address_of(listener))
        app = create_app(settings, found)
        server = DrainedServer(
            _configuration(app),
            ready=lambda: _begin(welcome),
            stopping=lambda: end_streams(app),
        )
        signals.hand_over(server.handle_exit)
        run_server(server, listener)


def _begin(welcome: str) -> None:
    collect_rarely()
    print(welcome, flush=True)


def _welcome(settings: Settings, found: Database, address: str) -> str:
    secrets = signing_secrets(settings)
    told = banner(settings, found, address=address, own_secret=secret_path(settings.data_dir))
    if settings.better_auth_secret or not secrets:
        # Nobody asked for a token that others believe in, so none is made.
        return told
    token = issue_token(
        secrets[0],
        user_id=DEMO_USER,
        now=clock.now(),
        lifetime=DEMO_LIFETIME,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
    )
    return f"{told}\n\n{invitation(address, user=DEMO_USER, token=token)}"


def _configuration(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        CutOffRequests(app),
        loop="uvloop",
        http=GuardedProtocol,
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
