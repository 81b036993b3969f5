"""Every kind of problem a request can meet."""

from collections.abc import Mapping

from api.http.problem_type import ProblemType
from api.http.stream_problem_types import STREAMS_FULL, SYNC_TOKEN_GONE, TOO_MANY_STREAMS

__all__ = ["STREAMS_FULL", "SYNC_TOKEN_GONE", "TOO_MANY_STREAMS"]

BATCH_REFUSED = ProblemType(
    code="batch-refused",
    status=409,
    title="A command of the batch was refused",
    remedy="Nothing was recorded; look at results, correct what was refused, and send all again.",
)
BATCH_TOO_LARGE = ProblemType(
    code="batch-too-large",
    status=413,
    title="The batch has more commands than the rate limit ever allows",
    remedy="Send smaller batches, of at most as many commands as detail says.",
)
BEING_ERASED = ProblemType(
    code="being-erased",
    status=409,
    title="Your data is being erased",
    remedy="Try again after the seconds given in Retry-After, or ask for the erasure again.",
)
BODY_TOO_LARGE = ProblemType(
    code="body-too-large",
    status=413,
    title="The body is too large",
    remedy="Send at most 1 MiB.",
)
CONFIRMATION_REQUIRED = ProblemType(
    code="confirmation-required",
    status=428,
    title="This cannot be taken back, and must be confirmed",
    remedy="Send the header Taskfold-Confirm: erase if you mean it.",
)
DATABASE_UNAVAILABLE = ProblemType(
    code="database-unavailable",
    status=503,
    title="The database is away",
    remedy="Nothing was recorded; try again after the seconds given in Retry-After.",
)
EVENT_ERASED = ProblemType(
    code="event-erased",
    status=409,
    title="The event was erased",
    remedy="Nothing can bring back what an erased event said.",
)
EVENT_NOT_FOUND = ProblemType(
    code="event-not-found",
    status=404,
    title="There is no such event",
    remedy="Take a sequence from GET /api/tasks/{id}/history.",
)
FAILED_DEPENDENCY = ProblemType(
    code="failed-dependency",
    status=424,
    title="Another command of the batch was refused",
    remedy="Correct the command that was refused, and send this one with it again.",
)
FORBIDDEN = ProblemType(
    code="forbidden",
    status=403,
    title="The role for this is missing",
    remedy="Ask whoever runs the issuer for the role named in detail.",
)
HEAD_TOO_LARGE = ProblemType(
    code="head-too-large",
    status=431,
    title="The address and headers are too large",
    remedy="Send at most 64 KiB of address and headers, and at most 100 headers.",
)
IDEMPOTENCY_KEY_REUSED = ProblemType(
    code="idempotency-key-reused",
    status=422,
    title="The Idempotency-Key belongs to another request",
    remedy="Choose a new key for every change, and repeat one only with the same request.",
)
INTERNAL_ERROR = ProblemType(
    code="internal-error",
    status=500,
    title="Something went wrong on our side",
    remedy="Report the request id to whoever runs this server.",
)
INVALID_REQUEST = ProblemType(
    code="invalid-request",
    status=422,
    title="A field or parameter is not acceptable",
    remedy="Correct the places named in errors.",
)
ISSUER_UNREACHABLE = ProblemType(
    code="issuer-unreachable",
    status=503,
    title="The token cannot be verified now",
    remedy="Nothing was recorded; try again after the seconds given in Retry-After.",
)
LATER_CHANGE = ProblemType(
    code="later-change",
    status=409,
    title="Something later stands in the way",
    remedy="Undo the event named in later_event first, or send force=true to overwrite it.",
)
MALFORMED_BODY = ProblemType(
    code="malformed-body",
    status=400,
    title="The body is not JSON",
    remedy="Send one JSON object in UTF-8, each name in it once.",
)
MALFORMED_CURSOR = ProblemType(
    code="malformed-cursor",
    status=400,
    title="The cursor is not one of ours",
    remedy="Follow the Link header of the last page unchanged, or start without a cursor.",
)
MALFORMED_HEADER = ProblemType(
    code="malformed-header",
    status=400,
    title="A header cannot be read",
    remedy="Correct the header named in detail.",
)
MALFORMED_REQUEST = ProblemType(
    code="malformed-request",
    status=400,
    title="The request is not HTTP",
    remedy="Send requests as HTTP/1.1 says.",
)
METHOD_NOT_ALLOWED = ProblemType(
    code="method-not-allowed",
    status=405,
    title="The method is not allowed here",
    remedy="Use one of the methods in the Allow header.",
)
MOMENT_NOT_REACHED = ProblemType(
    code="moment-not-reached",
    status=404,
    title="Your log does not reach that moment",
    remedy="Ask for a sequence that an answer has named in Taskfold-Sequence, or for an instant.",
)
NOT_ACCEPTABLE = ProblemType(
    code="not-acceptable",
    status=406,
    title="There is nothing here that you accept",
    remedy="Accept application/json, or leave Accept out.",
)
NOT_CAUGHT_UP = ProblemType(
    code="not-caught-up",
    status=503,
    title="What you want to see is not there yet",
    remedy="Try again after the seconds given in Retry-After.",
)
NOT_READY = ProblemType(
    code="not-ready",
    status=503,
    title="The server is not ready",
    remedy="Try again after the seconds given in Retry-After.",
)
NOT_PAUSABLE = ProblemType(
    code="not-pausable",
    status=409,
    title="The projection can be neither paused nor resumed",
    remedy="Only async projections can; GET /api/admin/projections says which are.",
)
OUTCOME_UNKNOWN = ProblemType(
    code="outcome-unknown",
    status=503,
    title="The change may or may not be recorded",
    remedy="Read the task before trying again.",
)
PROJECTION_NOT_FOUND = ProblemType(
    code="projection-not-found",
    status=404,
    title="There is no such projection",
    remedy="List them with GET /api/admin/projections.",
)
OVERLOADED = ProblemType(
    code="overloaded",
    status=503,
    title="Too much is waiting already",
    remedy="Nothing was recorded; try again after the seconds given in Retry-After.",
)
PRECONDITION_REQUIRED = ProblemType(
    code="precondition-required",
    status=428,
    title="The change must be conditional",
    remedy="Read the task and send its ETag in If-Match.",
)
QUOTA_EXCEEDED = ProblemType(
    code="quota-exceeded",
    status=429,
    title="Too many requests",
    remedy="Wait for the seconds given in Retry-After.",
)
REQUEST_TIMEOUT = ProblemType(
    code="request-timeout",
    status=408,
    title="The request took too long to arrive",
    remedy="Send the head of a request within 10 seconds, and its body within 60.",
)
ROUTE_NOT_FOUND = ProblemType(
    code="route-not-found",
    status=404,
    title="There is nothing at this path",
    remedy="Compare the path with the documentation at /api/docs.",
)
TASK_DELETED = ProblemType(
    code="task-deleted",
    status=404,
    title="The task is deleted",
    remedy="Bring it back with POST /api/tasks/{id}/restore.",
)
TASK_DELETED_THEN = ProblemType(
    code="task-deleted-then",
    status=404,
    title="The task was deleted at that moment",
    remedy="Ask for another moment; GET /api/tasks/{id}/history tells which there are.",
)
TASK_NOT_FOUND = ProblemType(
    code="task-not-found",
    status=404,
    title="There is no such task",
    remedy="List your tasks with GET /api/tasks.",
)
UNAUTHENTICATED = ProblemType(
    code="unauthenticated",
    status=401,
    title="A valid token is needed",
    remedy="Send the header `Authorization: Bearer <token>` with a token that is still valid.",
)
USER_NOT_FOUND = ProblemType(
    code="user-not-found",
    status=404,
    title="There is no such user",
    remedy="Compare the id with the `sub` of the user's tokens.",
)
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    code="unsupported-media-type",
    status=415,
    title="The body is of another type than is read here",
    remedy="Send JSON and say so in Content-Type.",
)
USER_MISMATCH = ProblemType(
    code="user-mismatch",
    status=403,
    title="The path is somebody else's",
    remedy="Leave the user out of the path: /api/tasks is always your own list.",
)
VERSION_NOT_FOUND = ProblemType(
    code="version-not-found",
    status=404,
    title="The task has never had that version",
    remedy="Look for its versions with GET /api/tasks/{id}/history.",
)
VERSION_MISMATCH = ProblemType(
    code="version-mismatch",
    status=412,
    title="The task has changed since",
    remedy="Read the task, apply the change to what it is now, and send its new ETag.",
)

PROBLEM_TYPES: Mapping[str, ProblemType] = {
    found.code: found
    for found in sorted(
        (each for each in globals().values() if isinstance(each, ProblemType)),
        key=lambda each: each.code,
    )
}
