"""Pieces of the OpenAPI document that routes share: problems, bodies, headers."""

from collections.abc import Mapping
from typing import Any

from api.http.problem import MEDIA_TYPE
from api.http.problem_type import ProblemType
from api.http.problem_types import (
    DATABASE_UNAVAILABLE,
    INTERNAL_ERROR,
    ISSUER_UNREACHABLE,
    UNAUTHENTICATED,
)

type Responses = dict[int | str, dict[str, Any]]

SCHEMAS = "#/components/schemas/"

ETAG: Mapping[str, Any] = {
    "description": "The task's version in double quotes, for If-Match.",
    "schema": {"type": "string"},
    "example": '"2"',
}
LIST_ETAG: Mapping[str, Any] = {
    "description": "Changes whenever anything happens to your tasks; for If-None-Match.",
    "schema": {"type": "string"},
    "example": 'W/"31-9f86d081884c7d65"',
}
LOCATION: Mapping[str, Any] = {
    "description": "Where the task is.",
    "schema": {"type": "string", "format": "uri"},
}
LINK: Mapping[str, Any] = {
    "description": "Where the next page is, when there is one (RFC 8288).",
    "schema": {"type": "string"},
    "example": '<http://127.0.0.1:8000/api/tasks?limit=50&cursor=YmVmb3JlPTEy>; rel="next"',
}
_SEQUENCE: Mapping[str, Any] = {
    "description": "Where your log stands after the change; a read with this in "
    "Taskfold-Not-Before holds the change.",
    "schema": {"type": "integer", "format": "int64", "minimum": 0},
    "example": 31,
}
WRITTEN: Mapping[str, Any] = {"Taskfold-Sequence": _SEQUENCE}
MOMENT: Mapping[str, Any] = {
    "Taskfold-Sequence": {
        **_SEQUENCE,
        "description": "After which of your events it was so; when a moment was asked for.",
    }
}
FRESHNESS: Mapping[str, Any] = {
    "Taskfold-Sequence": {
        **_SEQUENCE,
        "description": "Up to which of your events the answer holds everything.",
    },
    "Taskfold-Lag": {
        "description": "For how many seconds the first of your events that the answer lacks has "
        "been recorded; 0.0 when it lacks none.",
        "schema": {"type": "number", "minimum": 0},
        "example": 0.0,
    },
}

APPLIED: Mapping[str, Any] = {
    "Preference-Applied": {
        "description": "What of Prefer was done.",
        "schema": {"type": "string"},
        "example": "return=minimal",
    }
}

NOT_MODIFIED: Responses = {
    304: {
        "description": "You have it already.",
        "headers": {"ETag": {"description": "Its tag.", "schema": {"type": "string"}}},
    }
}

EVERYWHERE = (UNAUTHENTICATED, ISSUER_UNREACHABLE, DATABASE_UNAVAILABLE, INTERNAL_ERROR)
"""The problems that every request with a token may meet."""

_PROBLEM_SCHEMA: Mapping[str, Any] = {"$ref": f"{SCHEMAS}Problem"}
_ANY_PROBLEM = {
    "description": "Any other problem.",
    "content": {MEDIA_TYPE: {"schema": _PROBLEM_SCHEMA}},
}


def problems(*types: ProblemType) -> Responses:
    """Document the problems a route may answer with, an example each."""
    by_status: dict[int, list[ProblemType]] = {}
    for problem_type in types:
        by_status.setdefault(problem_type.status, []).append(problem_type)
    documented: Responses = {status: _problem(group) for status, group in by_status.items()}
    # Also keeps FastAPI from documenting its own shape of a 422.
    return documented | {"default": _ANY_PROBLEM}


def success(description: str, *, status: int = 200, **headers: Mapping[str, Any]) -> Responses:
    """Document what a route answers when all goes well."""
    return {status: {"description": description, "headers": headers}}


def request_body(
    schema: str,
    *media_types: str,
    examples: Mapping[str, Mapping[str, Any]],
    required: bool = True,
) -> dict[str, Any]:
    """Document the body of a route that reads it through `api.http.body`."""
    named = {name: {"value": value} for name, value in examples.items()}
    content = {"schema": {"$ref": SCHEMAS + schema}, "examples": named}
    return {"requestBody": {"required": required, "content": dict.fromkeys(media_types, content)}}


def _problem(types: list[ProblemType]) -> dict[str, Any]:
    return {
        "description": " Or: ".join(f"{each.title}. {each.remedy}" for each in types),
        "content": {
            MEDIA_TYPE: {
                "schema": _PROBLEM_SCHEMA,
                "examples": {each.code: {"value": _example(each)} for each in types},
            }
        },
    }


def _example(problem_type: ProblemType) -> dict[str, Any]:
    return {
        "type": problem_type.uri,
        "title": problem_type.title,
        "status": problem_type.status,
        "detail": problem_type.remedy,
        "instance": "/api/tasks/12",
        "code": problem_type.code,
        "request_id": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
    }
