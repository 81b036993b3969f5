"""Rate limits: known users are counted by name, everybody else by address."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.client_address import client_address
from api.http.problem import problem_response
from api.http.problem_table import problem_of
from api.http.problem_types import UNAUTHENTICATED
from api.http.quota_errors import BatchTooLargeError, QuotaExceededError
from api.http.quotas import Quota, Quotas
from api.http.request_headers import fields
from api.http.state import AppState, state_of

EXEMPT = "/api/health/"
"""Probes ask often, and must hear the truth."""

STREAM = "/api/events/stream"
"""The one path that also takes tickets, which are as good as tokens."""

_QUOTA = "taskfold.quota"


def count_user(scope: Scope, user_id: str) -> None:
    """Count a request of a known user.

    Raises:
        QuotaExceededError: It is one too many.
    """
    _count(scope, state_of(scope)["rate_limits"].users, user_id)


def count_batch(scope: Scope, user_id: str, commands: int) -> None:
    """Count the commands of a batch, of which the request itself was counted for the first.

    Raises:
        BatchTooLargeError: There is never a quota for so many.
        QuotaExceededError: There is none at the moment.
    """
    quotas = state_of(scope)["rate_limits"].users
    if quotas is not None and commands > quotas.rate.quota:
        raise BatchTooLargeError(str(quotas.rate), commands, quotas.rate.quota)
    _count(scope, quotas, user_id, commands - 1)


class RateLimitMiddleware:
    """Counts who is not known: who has no token before anything is done, who has a bad one after.

    Nobody with a good token is held up by others at the same address, such as a proxy's.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["path"].startswith(EXEMPT):
            await self._app(scope, receive, send)
            return
        refused = False

        async def send_counted(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                # Whoever is known has been counted by now.
                if message["status"] == UNAUTHENTICATED.status and _QUOTA not in scope:
                    refused = _is_too_much(scope)
                if refused:
                    await _refuse(scope, receive, send)
                    return
                _tell(scope, message)
            if not refused:
                await send(message)

        if not _brings_proof(scope) and _is_too_much(scope):
            await _refuse(scope, receive, send)
        else:
            await self._app(scope, receive, send_counted)


def _brings_proof(scope: Scope) -> bool:
    """Tell whether a request claims to be somebody's, by a token or by a ticket."""
    ticket = scope["path"] == STREAM and b"ticket=" in scope["query_string"]
    return ticket or bool(fields(scope, b"authorization"))


def _is_too_much(scope: Scope) -> bool:
    state: AppState = state_of(scope)
    address = client_address(scope, state["settings"].trusted_proxies)
    try:
        _count(scope, state["rate_limits"].addresses, address)
    except QuotaExceededError:
        return True
    return False


def _count(scope: Scope, quotas: Quotas | None, name: str, cost: int = 1) -> None:
    if quotas is None:
        return
    quota = quotas.take(name, asyncio.get_running_loop().time(), cost)
    scope[_QUOTA] = quota
    if quota.exceeded:
        raise QuotaExceededError(quota.policy, str(quota.rate), quota.reset)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    quota: Quota = scope[_QUOTA]
    error = QuotaExceededError(quota.policy, str(quota.rate), quota.reset)

    async def send_told(message: Message) -> None:
        if message["type"] == "http.response.start":
            _tell(scope, message)
        await send(message)

    await problem_response(problem_of(error), scope)(scope, receive, send_told)


def _tell(scope: Scope, message: Message) -> None:
    quota: Quota | None = scope.get(_QUOTA)
    if quota is None:
        return
    policy = f'"{quota.policy}";q={quota.rate.quota};w={quota.rate.seconds}'
    left = f'"{quota.policy}";r={quota.left};t={quota.reset}'
    message["headers"] += (
        (b"ratelimit-policy", policy.encode()),
        (b"ratelimit", left.encode()),
    )
