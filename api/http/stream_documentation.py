"""What the OpenAPI document says of live streams and their tickets."""

from api.http.openapi_parts import EVERYWHERE, problems
from api.http.problem_types import INVALID_REQUEST, QUOTA_EXCEEDED, STREAMS_FULL, TOO_MANY_STREAMS

_DESCRIPTION = """\
One event of your log after another: `id` is its place in your log, its sequence and a mark that no
other log has there; `event` its type; `data` the same JSON as in your trail. Besides, `start` says
after which sequence the stream begins; `reset` says the same, and that the place asked for is not
in your log, so that you have to read your tasks anew; `end` says why the stream ends (`stopping`,
`expired`, `lifetime`, `unavailable`), for you to come back. A comment is a sign of life.
"""

_MESSAGE = {
    "type": "object",
    "description": "One message of the stream.",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string", "description": "The place to come back to, opaque."},
        "event": {"type": "string", "description": "A type of event; `start`, `reset` or `end`."},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "description": "An event as in your trail, a `sequence`, or a `reason`.",
        },
        "retry": {
            "type": "integer",
            "minimum": 0,
            "description": "Milliseconds to wait before coming back.",
        },
    },
    "examples": [
        {"event": "start", "id": "30-9f86d081884c7d65", "data": '{"sequence": 30}', "retry": 2431},
        {"event": "end", "data": '{"reason": "lifetime"}'},
    ],
}

STREAM = {
    200: {
        "description": _DESCRIPTION,
        "content": {
            "text/event-stream": {"schema": _MESSAGE},
        },
        "headers": {
            "X-Accel-Buffering": {
                "description": "Asks nginx to pass everything on at once.",
                "schema": {"type": "string"},
                "example": "no",
            }
        },
    },
    **problems(*EVERYWHERE, INVALID_REQUEST, TOO_MANY_STREAMS, QUOTA_EXCEEDED, STREAMS_FULL),
}
TICKET = {
    201: {"description": "A ticket, good for 30 seconds and one stream."},
    **problems(*EVERYWHERE),
}
