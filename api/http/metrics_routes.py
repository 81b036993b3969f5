"""/api/metrics: what Prometheus scrapes."""

import hmac

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from api.http.dependencies import State
from api.http.errors import NotReadyError
from api.http.metrics import Moment
from api.http.openapi_parts import problems
from api.http.problem_types import UNAUTHENTICATED
from api.http.state import AppState, state_of
from api.identity.bearer import bearer_token
from api.identity.errors import TokenRejectedError
from projections.status.health import ProjectionHealth

router = APIRouter(prefix="/api/metrics", tags=["operations"])

_ANSWERS = {
    200: {
        "description": "Counters, gauges and histograms, a line each.",
        "content": {
            "text/plain": {
                "schema": {"type": "string"},
                "example": 'taskfold_projection_lag_events{projection="daily_activity"} 0.0\n',
            }
        },
    },
    **problems(UNAUTHENTICATED),
}
_WRONG_TOKEN = "The token is not the one that TASKFOLD_METRICS_TOKEN asks for."  # noqa: S105 - no token


async def _allowed(request: Request) -> None:
    """Let pass who has the metrics' own token, if they have one."""
    wanted = state_of(request.scope)["settings"].metrics_token
    if wanted is None:
        return
    given = bearer_token(request.headers.getlist("authorization"))
    # As long as it takes, whatever is right about it.
    if not hmac.compare_digest(given.encode(), wanted.get_secret_value().encode()):
        raise TokenRejectedError(_WRONG_TOKEN)


@router.get(
    "",
    operation_id="getMetrics",
    response_class=Response,
    responses=_ANSWERS,
    dependencies=[Depends(_allowed)],
)
async def get_metrics(state: State) -> Response:
    """Give metrics to Prometheus; once TASKFOLD_METRICS_TOKEN is set, to its bearer only."""
    moment = Moment(
        requests=state["request_metrics"].registry,
        projections=await _projections(state),
        hearing=state["listener"].hearing,
        lost=state["listener"].lost,
        stalled=state["projectors"].stalled,
        waiting=state["handler"].waiting,
        streams=len(state["streams"]),
        checked=state["routine_check"].users,
        found=state["routine_check"].found,
    )
    return Response(generate_latest(moment), media_type=CONTENT_TYPE_PLAIN_0_0_4)


async def _projections(state: AppState) -> list[ProjectionHealth] | None:
    try:
        return list(await state["readiness"].check())
    except NotReadyError:
        return None
