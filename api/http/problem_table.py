"""The one table that says which problem an error becomes for the one who asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import psycopg

from api.http import problem_types as types
from api.http.body import MERGE_PATCH
from api.http.errors import (
    BodyTooLargeError,
    ContentCodingError,
    DeletedThenError,
    ForbiddenError,
    InvalidFieldsError,
    MalformedBodyError,
    MalformedCursorError,
    MalformedKeyError,
    MalformedSequenceError,
    MalformedTagsError,
    MediaTypeError,
    MissingConditionError,
    MomentNotReachedError,
    NoSequenceError,
    NotAcceptableError,
    NoTaskIdError,
    NotCaughtUpError,
    NotConfirmedError,
    NotReadyError,
    NoUserIdError,
    ProofsBusyError,
    UserMismatchError,
    VersionNotFoundError,
)
from api.http.etag import etag
from api.http.problem import Problem
from api.http.problem_type import ProblemType
from api.http.quota_errors import BatchTooLargeError, QuotaExceededError
from api.http.stream_errors import StreamsFullError, TokenGoneError, TooManyStreamsError
from api.identity.errors import (
    IssuerUnreachableError,
    MissingTokenError,
    TokenRejectedError,
)
from commands.errors import (
    BatchRefusedError,
    EventErasedError,
    EventNotFoundError,
    KeyReusedError,
    LaterChangeError,
    LogBeingErasedError,
    OutcomeUnknownError,
    QueueFullError,
    StoppingError,
    TaskDeletedError,
    TaskNotFoundError,
    TaskNotStartedError,
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
    EventErasedError: Row(types.EVENT_ERASED),
    EventNotFoundError: Row(types.EVENT_NOT_FOUND),
    NoSequenceError: Row(types.EVENT_NOT_FOUND),
    LaterChangeError: Row(types.LATER_CHANGE),
    LogBeingErasedError: Row(types.BEING_ERASED, _retry_after(1)),
    WrongVersionError: Row(types.VERSION_MISMATCH, _present_tag, outspoken=False),
    TaskNotStartedError: Row(types.FAILED_DEPENDENCY),
    BatchRefusedError: Row(types.BATCH_REFUSED),
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
    MomentNotReachedError: Row(types.MOMENT_NOT_REACHED),
    VersionNotFoundError: Row(types.VERSION_NOT_FOUND),
    DeletedThenError: Row(types.TASK_DELETED_THEN),
    UnknownProjectionError: Row(types.PROJECTION_NOT_FOUND),
    InlineProjectionError: Row(types.NOT_PAUSABLE),
    MissingConditionError: Row(types.PRECONDITION_REQUIRED),
    ProofsBusyError: Row(types.OVERLOADED, _retry_after(5)),
    NotConfirmedError: Row(types.CONFIRMATION_REQUIRED),
    MalformedBodyError: Row(types.MALFORMED_BODY),
    MalformedCursorError: Row(types.MALFORMED_CURSOR),
    MalformedTagsError: Row(types.MALFORMED_HEADER),
    MalformedKeyError: Row(types.MALFORMED_HEADER),
    MalformedSequenceError: Row(types.MALFORMED_HEADER),
    QuotaExceededError: Row(types.QUOTA_EXCEEDED, lambda error: {"Retry-After": str(error.reset)}),
    BatchTooLargeError: Row(types.BATCH_TOO_LARGE),
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
    match error:
        case QuotaExceededError():
            # Named by draft-ietf-httpapi-ratelimit-headers for this kind of problem.
            return {"violated-policies": [error.policy]}
        case LaterChangeError():
            return {"later_event": _later_event(error)}
        case _:
            return {}


def _later_event(error: LaterChangeError) -> Mapping[str, Any]:
    at = error.later_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"sequence": error.later, "type": error.later_type, "at": at, "field": error.field}


def problem_of(error: Exception) -> Problem:
    """Say which problem an error of the table is."""
    row = next(TABLE[kind] for kind in type(error).__mro__ if kind in TABLE)
    return Problem(
        type=row.type,
        detail=str(error) if row.outspoken else row.type.remedy,
        errors=error.errors
        if isinstance(error, InvalidFieldsError | MissingConditionError)
        else (),
        headers=row.headers(error),
        extensions=_extensions(error),
    )
