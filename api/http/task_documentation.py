"""What the OpenAPI document says of the task routes: answers, problems, bodies, examples."""

from api.http import problem_types as types
from api.http.body import JSON, MERGE_PATCH
from api.http.openapi_parts import (
    ETAG,
    EVERYWHERE,
    LINK,
    LIST_ETAG,
    LOCATION,
    NOT_MODIFIED,
    WRITTEN,
    problems,
    request_body,
    success,
)

_OF_A_TASK = (types.TASK_NOT_FOUND, types.TASK_DELETED)
_WRITE = (
    types.MALFORMED_HEADER,
    types.IDEMPOTENCY_KEY_REUSED,
    types.BEING_ERASED,
    types.OVERLOADED,
    types.OUTCOME_UNKNOWN,
)
_READ = (*EVERYWHERE, types.MALFORMED_HEADER, types.NOT_CAUGHT_UP)
_PAGE = (types.INVALID_REQUEST, types.MALFORMED_CURSOR)
_WITH_BODY = (
    types.MALFORMED_BODY,
    types.BODY_TOO_LARGE,
    types.UNSUPPORTED_MEDIA_TYPE,
    types.INVALID_REQUEST,
)
_CONDITIONAL = (types.VERSION_MISMATCH, types.PRECONDITION_REQUIRED)
_VERB = problems(*EVERYWHERE, *_OF_A_TASK, *_WRITE, *_CONDITIONAL)

CREATED = {
    **success("The task.", status=201, ETag=ETAG, Location=LOCATION, **WRITTEN),
    **problems(*EVERYWHERE, *_WRITE, *_WITH_BODY),
}
LISTED = {
    **success("The tasks.", Link=LINK, ETag=LIST_ETAG),
    **NOT_MODIFIED,
    **problems(*_READ, *_PAGE),
}
FOUND = {
    **success("The task.", ETag=ETAG),
    **NOT_MODIFIED,
    **problems(*_READ, *_OF_A_TASK, types.VERSION_MISMATCH),
}
HISTORY = {
    **success("What happened, newest first unless asked otherwise.", Link=LINK, ETag=LIST_ETAG),
    **NOT_MODIFIED,
    **problems(*_READ, *_PAGE, types.TASK_NOT_FOUND),
}
CHANGED = {**success("The task as it is now.", ETag=ETAG, **WRITTEN), **_VERB}
EDITED = {
    **success("The task as it is now.", ETag=ETAG, **WRITTEN),
    **problems(*EVERYWHERE, *_OF_A_TASK, *_WRITE, *_WITH_BODY, *_CONDITIONAL),
}
DELETED = {
    **success("The task is deleted; it can be restored.", status=204, **WRITTEN),
    **_VERB,
}
CLEARED = {
    **success("How many tasks are deleted; each can be restored.", **WRITTEN),
    **problems(*EVERYWHERE, *_WRITE, types.INVALID_REQUEST),
}
RESTORED = {
    **success("The task as it is now.", ETag=ETAG, **WRITTEN),
    **problems(*EVERYWHERE, types.TASK_NOT_FOUND, *_WRITE, *_CONDITIONAL),
}

NEW_TASK = request_body(
    "NewTask",
    JSON,
    examples={
        "a title is enough": {"title": "Water the plants"},
        "everything": {
            "title": "Water the plants",
            "description": "The one on the balcony too.",
            "order": 2.5,
            "priority": "high",
            "tags": ["home", "plants"],
            "due": "2026-12-24T17:00:00+01:00[Europe/Vienna]",
        },
    },
)
REPLACEMENT = request_body(
    "TaskReplacement",
    JSON,
    examples={"done": {"title": "Water all the plants", "completed": True}},
)
PATCH = request_body(
    "TaskPatch",
    MERGE_PATCH,
    JSON,
    examples={
        "rename": {"title": "Water all the plants"},
        "clear": {"description": None, "due": None},
    },
)
