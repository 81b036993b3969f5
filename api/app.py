"""The application, wired together; `uvicorn api.app:app` and `taskfold serve` serve it."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version

import structlog
from anyio import CancelScope, to_thread
from fastapi import FastAPI
from starlette.middleware import Middleware
from structlog.typing import FilteringBoundLogger

from api import logs
from api.erasure import finishing_erasures
from api.http import (
    access_routes,
    activity_routes,
    admin_routes,
    batch_routes,
    collection_routes,
    completion_routes,
    difference_routes,
    docs_routes,
    health_routes,
    history_routes,
    me_routes,
    metrics_routes,
    operator_routes,
    problem_routes,
    proof_routes,
    stream_routes,
    sync_routes,
    task_routes,
    trail_routes,
    undo_routes,
    verb_routes,
    version_routes,
)
from api.http.accept import AcceptMiddleware
from api.http.alias import AliasMiddleware
from api.http.cors import CorsMiddleware
from api.http.error_handlers import ERROR_HANDLERS
from api.http.head import HeadMiddleware
from api.http.openapi import DESCRIPTION, TAGS, DocumentedApi
from api.http.prefer import PreferMiddleware
from api.http.prepared_routes import PreparedRoutesMiddleware
from api.http.proofs import Proofs
from api.http.quotas import RateLimits
from api.http.rate_limits import RateLimitMiddleware
from api.http.readiness import Readiness
from api.http.request_context import RequestContextMiddleware
from api.http.request_log import RequestLogMiddleware
from api.http.request_metrics import RequestMetrics
from api.http.security_headers import SecurityHeadersMiddleware
from api.http.signed_cursor import CursorSigner
from api.http.state import AppState
from api.http.streams import Streams
from api.http.unexpected import UnexpectedErrorMiddleware
from api.identity.claims import ClaimRules
from api.identity.tickets import open_tickets
from api.identity.verifier import open_verifier
from api.runtime import Database, database, signing_secrets
from api.settings import Settings, load_settings
from commands.handler import open_handler
from commands.sweep import sweeping
from events.announcer import open_announcer
from events.bell import Bell
from events.database import open_pool
from events.listener import open_listener
from events.log_watch import open_log_watch
from events.lookups import open_lookups
from projections.following.projectors import open_projectors
from projections.inline import project
from projections.queries.signing_key import signing_key
from projections.registry import ASYNC
from projections.verification.routine_check import open_routine_check

_log: FilteringBoundLogger = structlog.get_logger()

MIDDLEWARE = (
    RequestContextMiddleware,
    RequestLogMiddleware,
    SecurityHeadersMiddleware,
    CorsMiddleware,
    AliasMiddleware,
    RateLimitMiddleware,
    UnexpectedErrorMiddleware,
    AcceptMiddleware,
    PreferMiddleware,
    HeadMiddleware,
    PreparedRoutesMiddleware,
)
"""From the outside in: whatever answers, the answer passes all those further out."""

ROUTERS = (
    task_routes.router,
    collection_routes.router,
    batch_routes.router,
    verb_routes.router,
    completion_routes.router,
    undo_routes.router,
    history_routes.router,
    version_routes.router,
    trail_routes.router,
    difference_routes.router,
    stream_routes.router,
    sync_routes.router,
    activity_routes.router,
    access_routes.router,
    me_routes.router,
    proof_routes.router,
    admin_routes.router,
    operator_routes.router,
    problem_routes.router,
    health_routes.router,
    metrics_routes.router,
    docs_routes.router,
)


def create_app(settings: Settings | None = None, found: Database | None = None) -> FastAPI:
    """Make the application; nothing is opened before it starts.

    Args:
        settings: What to run with; without them they are loaded, and logging is set up, when the
            application starts.
        found: A database that whoever starts the application keeps open; without it the
            application opens its own.
    """
    app = DocumentedApi(
        title="Taskfold",
        version=version("taskfold"),
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        openapi_tags=TAGS,
        servers=[{"url": "/", "description": "This server."}],
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[Middleware(middleware) for middleware in MIDDLEWARE],
        exception_handlers=ERROR_HANDLERS,
        lifespan=partial(_lifespan, settings, found),
    )
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(
    settings: Settings | None, found: Database | None, app: FastAPI
) -> AsyncGenerator[AppState]:
    if settings is None:
        settings = load_settings()
        logs.configure(settings)
    async with AsyncExitStack() as stack:
        if found is None:
            found = await stack.enter_async_context(_own_database(settings))
        state = await _open(settings, found, stack)
        app.state.streams = state["streams"]
        yield state


def end_streams(app: FastAPI) -> None:
    """Have every live stream of a running application say goodbye and end.

    To be called before its server waits for requests to finish, since streams finish by themselves
    only when their time is over.
    """
    app.state.streams.stop()


def _report(sentence: str) -> None:
    _log.info("database.starting", message=sentence)


@asynccontextmanager
async def _own_database(settings: Settings) -> AsyncGenerator[Database]:
    """Open a database in a thread, since that may take long, and leave it whatever happens."""
    opening = database(settings, _report)
    found = await to_thread.run_sync(opening.__enter__)
    try:
        yield found
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(opening.__exit__, None, None, None)


async def _open(settings: Settings, found: Database, stack: AsyncExitStack) -> AppState:
    """Open what requests need, in the order it stands on each other; the stack closes it."""
    pool = await stack.enter_async_context(
        open_pool(
            found.url,
            size=settings.pool_size,
            prepared_statements=settings.prepared_statements,
        )
    )
    lookups = await stack.enter_async_context(
        open_lookups(pool, prepared_statements=settings.prepared_statements)
    )
    bell = Bell()
    listener = await stack.enter_async_context(open_listener(found.url, pool, bell))
    announcer = await stack.enter_async_context(open_announcer(pool, bell))
    await stack.enter_async_context(sweeping(pool))
    await stack.enter_async_context(finishing_erasures(pool))
    handler = await stack.enter_async_context(
        open_handler(pool, project, queue_limit=settings.queue_limit, committed=announcer.committed)
    )
    projected = Bell()
    projections = ASYNC if settings.projectors else ()
    projectors = await stack.enter_async_context(
        open_projectors(pool, bell, projected, projections=projections)
    )
    routine_check = await stack.enter_async_context(open_routine_check(pool, settings.check_rate))
    verifier = await stack.enter_async_context(
        open_verifier(
            ClaimRules(
                issuer=settings.jwt_issuer,
                audience=settings.jwt_audience,
                roles_claim=settings.jwt_roles_claim,
            ),
            secrets=signing_secrets(settings),
            jwks_url=settings.jwks_url,
        )
    )
    async with pool.connection() as connection:
        key = await signing_key(connection)
    watch = await stack.enter_async_context(open_log_watch(pool, bell))
    tickets = await stack.enter_async_context(open_tickets(pool, key))
    return AppState(
        settings=settings,
        pool=pool,
        lookups=lookups,
        handler=handler,
        verifier=verifier,
        readiness=Readiness(pool=pool, url=found.url),
        request_metrics=RequestMetrics(),
        rate_limits=RateLimits(settings),
        cursors=CursorSigner(key),
        proofs=Proofs(),
        streams=Streams(settings, watch),
        tickets=tickets,
        listener=listener,
        projected=projected,
        projectors=projectors,
        routine_check=routine_check,
    )


app = create_app()
