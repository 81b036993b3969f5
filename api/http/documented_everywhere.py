"""What the OpenAPI document says of many operations alike, so that no route has to repeat it."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from api.http.openapi_parts import APPLIED, problems
from api.http.problem_type import ProblemType
from api.http.problem_types import (
    HEAD_TOO_LARGE,
    NOT_ACCEPTABLE,
    QUOTA_EXCEEDED,
    REQUEST_TIMEOUT,
)
from api.http.rate_limits import EXEMPT

type Operation = dict[str, Any]

_REQUEST_ID: Mapping[str, Any] = {
    "X-Request-Id": {
        "description": "Which request it was: the caller's own id, if well formed, or a new one.",
        "schema": {"type": "string"},
        "example": "019aab51-8f6e-7cc3-a7f1-0c5f5f3c2b11",
    }
}
_RATE_LIMIT: Mapping[str, Any] = {
    "RateLimit-Policy": {
        "description": "What is counted, the quota, and its window in seconds; when there is one.",
        "schema": {"type": "string"},
        "example": '"user";q=6000;w=60',
    },
    "RateLimit": {
        "description": "What is left of the quota, and for how many seconds.",
        "schema": {"type": "string"},
        "example": '"user";r=5999;t=60',
    },
}
_PREFER: Mapping[str, Any] = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "`return=minimal` leaves the task out of the answer (RFC 7240).",
    "schema": {"type": "string"},
    "example": "return=minimal",
}


def complete(paths: dict[str, Any]) -> None:
    """Add to every operation what all of its kind have."""
    for path, methods in paths.items():
        for method, operation in methods.items():
            limited = not path.startswith(EXEMPT)
            headers = {**_REQUEST_ID, **(_RATE_LIMIT if limited else {})}
            # Said outright where no token is needed, so that none is forgotten.
            operation.setdefault("security", [])
            if method in {"post", "put", "patch"}:
                _let_prefer(operation)
            for status, answer in _problems(operation, limited=limited):
                operation["responses"].setdefault(status, answer)
            operation["responses"] = {
                status: {**answer, "headers": {**answer.get("headers", {}), **headers}}
                for status, answer in operation["responses"].items()
            }


def _problems(operation: Operation, *, limited: bool) -> Iterator[tuple[str, Any]]:
    kinds: list[ProblemType] = [HEAD_TOO_LARGE]
    if limited:
        kinds.append(QUOTA_EXCEEDED)
    if "requestBody" in operation:
        kinds.append(REQUEST_TIMEOUT)
    if any("content" in operation["responses"].get(status, {}) for status in ("200", "201")):
        kinds.append(NOT_ACCEPTABLE)
    for status, answer in problems(*kinds).items():
        yield str(status), deepcopy(answer)


def _let_prefer(operation: Operation) -> None:
    """Say that the task may be left out, where an answer shows one."""
    answers: dict[str, Any] = operation["responses"]
    shown = next((status for status in ("200", "201") if status in answers), "")
    headers: dict[str, Any] = answers.get(shown, {}).get("headers", {})
    if "ETag" not in headers or "Preference-Applied" in headers:
        return
    operation["parameters"] = [*operation.get("parameters", []), dict(_PREFER)]
    answers[shown]["headers"] = {**headers, **APPLIED}
    empty = {"description": "It is done; the task was not wanted back."}
    answers["204"] = {**answers.get("204", empty), "headers": {**headers, **APPLIED}}
