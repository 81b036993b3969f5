"""What every request can reach: what the application opened, what is known of the request."""

from typing import TypedDict, cast

from starlette.types import Scope

from api.http.proofs import Proofs
from api.http.quotas import RateLimits
from api.http.readiness import Readiness
from api.http.request_metrics import RequestMetrics
from api.http.signed_cursor import CursorSigner
from api.http.streams import Streams
from api.identity.tickets import Tickets
from api.identity.verifier import Verifier
from api.settings import Settings
from commands.handler import CommandHandler
from events.bell import Bell
from events.database import Pool
from events.listener import Listener
from events.lookups import Lookups
from projections.following.projectors import Projectors
from projections.verification.routine_check import RoutineCheck


class AppState(TypedDict):
    """What lives as long as the application."""

    settings: Settings
    pool: Pool
    lookups: Lookups
    handler: CommandHandler
    verifier: Verifier
    readiness: Readiness
    request_metrics: RequestMetrics
    rate_limits: RateLimits
    cursors: CursorSigner
    proofs: Proofs
    streams: Streams
    tickets: Tickets
    listener: Listener
    projected: Bell
    projectors: Projectors
    routine_check: RoutineCheck


class RequestState(AppState):
    """What lives as long as one request."""

    request_id: str
    correlation_id: str


def state_of(scope: Scope) -> RequestState:
    """Give the state of a request."""
    return cast("RequestState", scope["state"])
