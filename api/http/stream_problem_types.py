"""Kinds of problems that only streams and sync can meet."""

from api.http.problem_type import ProblemType

STREAMS_FULL = ProblemType(
    code="streams-full",
    status=503,
    title="No stream can be opened now",
    remedy="Try again after the seconds given in Retry-After, and read GET /api/sync meanwhile.",
)
SYNC_TOKEN_GONE = ProblemType(
    code="sync-token-gone",
    status=410,
    title="The changes since then cannot be told any more",
    remedy="Forget what you have, and begin anew with GET /api/sync without since.",
)
TOO_MANY_STREAMS = ProblemType(
    code="too-many-streams",
    status=429,
    title="You have too many streams open",
    remedy="Close a stream you no longer read, or share one among the pages of an app.",
)
