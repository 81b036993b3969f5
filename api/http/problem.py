"""One problem that one request met, as the JSON of RFC 9457."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Scope

from api.http.errors import FieldError
from api.http.problem_type import ProblemType

MEDIA_TYPE = "application/problem+json"

ASKED_PATH = "taskfold.asked_path"
"""Where a request's scope keeps the path that was asked, if it is read as another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What went wrong with one request.

    Attributes:
        type: Which kind of problem it is.
        detail: What happened this time, as a sentence.
        errors: The places at fault, when the problem is about some.
        headers: What the answer's headers must say beside it.
        extensions: What else the document says.
    """

    type: ProblemType
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    extensions: Mapping[str, Any] = field(default_factory=dict[str, Any])


def problem_response(problem: Problem, scope: Scope) -> Response:
    """Answer a request with a problem."""
    document: dict[str, Any] = {
        "type": problem.type.uri,
        "title": problem.type.title,
        "status": problem.type.status,
        "detail": problem.detail,
        "instance": quote(scope.get(ASKED_PATH, scope["path"])),
        "code": problem.type.code,
        "request_id": scope["state"]["request_id"],
        **problem.extensions,
    }
    if problem.errors:
        document["errors"] = [_error(error) for error in problem.errors]
    return Response(
        json.dumps(document, separators=(",", ":")),
        status_code=problem.type.status,
        headers=dict(problem.headers),
        media_type=MEDIA_TYPE,
    )


def _error(error: FieldError) -> dict[str, str]:
    return {"pointer" if error.in_body else "parameter": error.place, "detail": error.detail}
