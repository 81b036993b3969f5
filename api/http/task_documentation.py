"""What the OpenAPI document says of the task routes: answers, problems, bodies, examples."""

from api.http import problem_types as types
from api.http.body import JSON, MERGE_PATCH
from api.http.forms import documented
from api.http.openapi_parts import (
    APPLIED,
    ETAG,
    EVERYWHERE,
    LINK,
    LIST_ETAG,
    LOCATION,
    MOMENT,
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
    **success("The tasks.", Link=LINK, ETag=LIST_ETAG, **MOMENT),
    **NOT_MODIFIED,
    **problems(*_READ, *_PAGE, types.MOMENT_NOT_REACHED),
}
FOUND = {
    **success("The task.", ETag=ETAG, **MOMENT),
    **NOT_MODIFIED,
    **problems(
        *_READ,
        *_OF_A_TASK,
        types.TASK_DELETED_THEN,
        types.MOMENT_NOT_REACHED,
        types.VERSION_MISMATCH,
        types.INVALID_REQUEST,
    ),
}
VERSION = {
    **success("The task as it was.", ETag=ETAG),
    **NOT_MODIFIED,
    **problems(
        *_READ,
        types.TASK_NOT_FOUND,
        types.TASK_DELETED_THEN,
        types.VERSION_NOT_FOUND,
        types.VERSION_MISMATCH,
    ),
}
DIFFERENCES = {
    **success("What became of tasks, in the order of their numbers.", Link=LINK, **MOMENT),
    **problems(*_READ, *_PAGE, types.MOMENT_NOT_REACHED),
}
_HAPPENED = success(
    "What happened, newest first unless asked otherwise.", Link=LINK, ETag=LIST_ETAG
)
HISTORY = {
    **documented(_HAPPENED),
    **NOT_MODIFIED,
    **problems(*_READ, *_PAGE, types.TASK_NOT_FOUND),
}
TRAIL = HISTORY
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
BATCH = {
    **success("What became of each command.", **WRITTEN, **APPLIED),
    **problems(
        *EVERYWHERE,
        *_WRITE,
        *_WITH_BODY,
        types.BATCH_REFUSED,
        types.BATCH_TOO_LARGE,
        types.PRECONDITION_REQUIRED,
    ),
}
RESTORED = {
    **success("The task as it is now.", ETag=ETAG, **WRITTEN),
    **problems(*EVERYWHERE, types.TASK_NOT_FOUND, *_WRITE, *_CONDITIONAL),
}
_UNDONE = {
    **success("The task as it is now.", ETag=ETAG, **WRITTEN),
    **success("The task is deleted now, or was not wanted back.", status=204, ETag=ETAG, **WRITTEN),
}
TASK_UNDONE = {**_UNDONE, **problems(*EVERYWHERE, types.TASK_NOT_FOUND, *_WRITE, *_CONDITIONAL)}
EVENT_UNDONE = {
    **_UNDONE,
    **problems(
        *EVERYWHERE,
        types.EVENT_NOT_FOUND,
        types.EVENT_ERASED,
        types.TASK_DELETED,
        types.LATER_CHANGE,
        types.INVALID_REQUEST,
        *_WRITE,
        *_CONDITIONAL,
    ),
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
BATCH_BODY = request_body(
    "BatchRequest",
    JSON,
    examples={
        "what was done while offline": {
            "commands": [
                {"type": "create", "temporary_id": "new-1", "task": {"title": "Water the plants"}},
                {"type": "complete", "id": "new-1"},
                {
                    "type": "change",
                    "id": 7,
                    "expected_version": 3,
                    "changes": {"due": "2026-12-24"},
                    "key": "1d3f2c7e-61f4-4a06-8d4e-0c57c1d2a9b3",
                },
            ]
        },
        "all or none": {
            "atomic": True,
            "commands": [{"type": "delete", "id": 1}, {"type": "delete", "id": 2}],
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
