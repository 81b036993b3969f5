"""The one table that says which problem an error becomes for the one who asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from api.http import problem_types as types
from api.http.body import MERGE_PATCH
from api.http.errors import (
    BodyTooLargeError,
    ContentCodingError,
    ForbiddenError,
    InvalidFieldsError,
    MalformedBodyError,
    MalformedCursorError,
    MalformedKeyError,
    MalformedSequenceError,
    MalformedTagsError,
    MediaTypeError,
    MissingConditionError,
    NotAcceptableError,
    NoTaskIdError,
    NotCaughtUpError,
    NotReadyError,
    NoUserIdError,
    QuotaExceededError,
    UserMismatchError,
)
from api.http.etag import etag
from api.http.problem import Problem
from api.http.problem_type import ProblemType
from api.http.stream_errors import StreamsFullError, TokenGoneError, TooManyStreamsError
from api.identity.errors import (
    IssuerUnreachableError,
    MissingTokenError,
    TokenRejectedError,
)
from commands.errors import (
    KeyReusedError,
    OutcomeUnknownError,
    QueueFullError,
    StoppingError,
    TaskDeletedError,
    TaskNotFoundError,
    WrongVersionError,
)
from events.errors import DatabaseUnreachableError
from projections.errors import (
    InlineProjectionError,
    NotFilledError,
    SupersededError,
    UnknownProjectionError,
)

_CHALLENGE = 'Bearer realm="taskfold"'

type Headers = Callable[[Any], Mapping[str, str]]


def _no_headers(_error: Exception) -> Mapping[str, str]:
    return {}


def _retry_after(seconds: int) -> Headers:
    return lambda _error: {"Retry-After": str(seconds)}


def _challenge(_error: MissingTokenError) -> Mapping[str, str]:
    return {"WWW-Authenticate": _CHALLENGE}


def _rejection(error: TokenRejectedError) -> Mapping[str, str]:
    description = f'error="invalid_token", error_description="{error.reason}"'
    return {"WWW-Authenticate": f"{_CHALLENGE}, {description}"}


def _accepted(error: MediaTypeError) -> Mapping[str, str]:
    name = "Accept-Patch" if MERGE_PATCH in error.accepted else "Accept"
    return {name: ", ".join(error.accepted)}


def _present_tag(error: WrongVersionError) -> Mapping[str, str]:
    return {"ETag": etag(error.found)}


@dataclass(frozen=True, slots=True)
class Row:
    """What one class of error becomes.

    Attributes:
        type: The problem.
        headers: Makes the headers the answer needs from the error.
        outspoken: Whether the error's message is meant for the caller; if not, the remedy is told.
    """

    type: ProblemType
    headers: Headers = _no_headers
    outspoken: bool = True


TABLE: Mapping[type[Exception], Row] = {
    TaskNotFoundError: Row(types.TASK_NOT_FOUND),
    NoTaskIdError: Row(types.TASK_NOT_FOUND),
    TaskDeletedError: Row(types.TASK_DELETED),
    WrongVersionError: Row(types.VERSION_MISMATCH, _present_tag, outspoken=False),
    KeyReusedError: Row(types.IDEMPOTENCY_KEY_REUSED),
    QueueFullError: Row(types.OVERLOADED, _retry_after(1)),
    StoppingError: Row(types.OVERLOADED, _retry_after(5)),
    OutcomeUnknownError: Row(types.OUTCOME_UNKNOWN, _retry_after(5)),
    DatabaseUnreachableError: Row(types.DATABASE_UNAVAILABLE, _retry_after(5), outspoken=False),
    psycopg.OperationalError: Row(types.DATABASE_UNAVAILABLE, _retry_after(5), outspoken=False),
    NotReadyError: Row(types.NOT_READY, _retry_after(5)),
    SupersededError: Row(types.NOT_READY, _retry_after(5)),
    NotCaughtUpError: Row(types.NOT_CAUGHT_UP, _retry_after(1)),
    NotFilledError: Row(types.NOT_CAUGHT_UP, _retry_after(5), outspoken=False),
    UserMismatchError: Row(types.USER_MISMATCH),
    MissingTokenError: Row(types.UNAUTHENTICATED, _challenge),
    TokenRejectedError: Row(types.UNAUTHENTICATED, _rejection),
    IssuerUnreachableError: Row(types.ISSUER_UNREACHABLE, _retry_after(5)),
    ForbiddenError: Row(types.FORBIDDEN),
    NoUserIdError: Row(types.USER_NOT_FOUND),
    UnknownProjectionError: Row(types.PROJECTION_NOT_FOUND),
    InlineProjectionError: Row(types.NOT_PAUSABLE),
    MissingConditionError: Row(types.PRECONDITION_REQUIRED),
    MalformedBodyError: Row(types.MALFORMED_BODY),
    MalformedCursorError: Row(types.MALFORMED_CURSOR),
    MalformedTagsError: Row(types.MALFORMED_HEADER),
    MalformedKeyError: Row(types.MALFORMED_HEADER),
    MalformedSequenceError: Row(types.MALFORMED_HEADER),
    QuotaExceededError: Row(types.QUOTA_EXCEEDED, lambda error: {"Retry-After": str(error.reset)}),
    TooManyStreamsError: Row(types.TOO_MANY_STREAMS, _retry_after(30)),
    StreamsFullError: Row(types.STREAMS_FULL, _retry_after(10)),
    TokenGoneError: Row(types.SYNC_TOKEN_GONE),
    NotAcceptableError: Row(types.NOT_ACCEPTABLE),
    BodyTooLargeError: Row(types.BODY_TOO_LARGE),
    MediaTypeError: Row(types.UNSUPPORTED_MEDIA_TYPE, _accepted),
    ContentCodingError: Row(
        types.UNSUPPORTED_MEDIA_TYPE, lambda _error: {"Accept-Encoding": "identity"}
    ),
    InvalidFieldsError: Row(types.INVALID_REQUEST),
}


def _extensions(error: Exception) -> Mapping[str, Any]:
    # Named by draft-ietf-httpapi-ratelimit-headers for this kind of problem.
    return {"violated-policies": [error.policy]} if isinstance(error, QuotaExceededError) else {}


def problem_of(error: Exception) -> Problem:
    """Say which problem an error of the table is."""
    row = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    return Problem(
        type=row.type,
        detail=str(error) if row.outspoken else row.type.remedy,
        errors=error.errors if isinstance(error, InvalidFieldsError) else (),
        headers=row.headers(error),
        extensions=_extensions(error),
    )
