"""What the OpenAPI document says of the deprecated paths: what it says of the canonical ones."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from api.http.alias import DEPRECATION
from api.http.openapi_parts import problems
from api.http.problem_types import USER_MISMATCH
from api.http.task_view import PATH

TAG = "alias"

_USER_ID = {
    "name": "user_id",
    "in": "path",
    "required": True,
    "description": "Your id, as in the `sub` of your token.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "demo",
}
_HEADERS: Mapping[str, Any] = {
    "Deprecation": {
        "description": "Since when these paths are deprecated (RFC 9745).",
        "schema": {"type": "string"},
        "example": DEPRECATION,
    },
    "Sunset": {
        "description": "From when they may no longer answer, where that is known (RFC 8594).",
        "schema": {"type": "string"},
        "example": "Wed, 30 Jun 2027 00:00:00 GMT",
    },
    "Link": {
        "description": "Where the canonical path is; and the next page, when there is one.",
        "schema": {"type": "string"},
        "example": '</api/tasks>; rel="successor-version"',
    },
}


def alias_paths(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Give the deprecated paths for all canonical ones among some."""
    return {
        path.replace(PATH, "/api/{user_id}/tasks", 1): {
            method: _operation(operation) for method, operation in deepcopy(methods).items()
        }
        for path, methods in paths.items()
        if path.startswith(PATH)
    }


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {
        **operation["responses"],
        **{str(status): answer for status, answer in problems(USER_MISMATCH).items()},
    }
    return {
        **operation,
        "tags": [TAG],
        "deprecated": True,
        "operationId": f"{operation['operationId']}OfUser",
        "parameters": [_USER_ID, *operation.get("parameters", [])],
        "responses": {
            status: {**answer, "headers": {**answer.get("headers", {}), **_HEADERS}}
            for status, answer in responses.items()
        },
    }
