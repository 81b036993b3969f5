"""Answering errors: every one of them becomes a problem, those of the framework included."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.http.batch_view import refused_results
from api.http.errors import FieldError, InvalidFieldsError, NotModifiedError
from api.http.field_errors import field_errors
from api.http.methods import allowed_methods
from api.http.problem import Problem, problem_response
from api.http.problem_table import TABLE, problem_of
from api.http.problem_types import METHOD_NOT_ALLOWED, ROUTE_NOT_FOUND
from commands.errors import BatchRefusedError, CommandError

type ErrorHandler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer one of the errors of the table."""
    return problem_response(problem_of(error), request.scope)


async def answer_refused_batch(request: Request, error: BatchRefusedError) -> Response:
    """Answer a batch of which nothing was carried out, with what was wrong with each command."""
    errors = tuple(
        FieldError(place=f"#/commands/{number}", detail=str(outcome), in_body=True)
        for number, outcome in enumerate(error.outcomes)
        if isinstance(outcome, CommandError)
    )
    told = {"results": refused_results(error.outcomes)}
    problem = replace(problem_of(error), errors=errors, extensions=told)
    return problem_response(problem, request.scope)


async def answer_parameters(request: Request, error: RequestValidationError) -> Response:
    """Answer parameters that the framework found unacceptable."""
    return await answer_error(request, InvalidFieldsError(field_errors(error.errors())))


async def answer_routing(request: Request, error: HTTPException) -> Response:
    """Answer a path or a method that no route serves; OPTIONS is served here for all of them."""
    if error.status_code == METHOD_NOT_ALLOWED.status:
        methods = ", ".join(allowed_methods(request.app, request.scope))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": methods})
        detail = f"This path knows {methods}."
        problem = Problem(type=METHOD_NOT_ALLOWED, detail=detail, headers={"Allow": methods})
        return problem_response(problem, request.scope)
    if error.status_code == ROUTE_NOT_FOUND.status:
        problem = Problem(type=ROUTE_NOT_FOUND, detail=ROUTE_NOT_FOUND.remedy)
        return problem_response(problem, request.scope)
    raise error


async def answer_known(_request: Request, error: NotModifiedError) -> Response:
    """Answer who has the answer already."""
    return Response(status_code=304, headers={"ETag": error.tag})


ERROR_HANDLERS: dict[int | type[Exception], ErrorHandler] = {
    **dict.fromkeys(TABLE, answer_error),
    BatchRefusedError: answer_refused_batch,
    RequestValidationError: answer_parameters,
    HTTPException: answer_routing,
    NotModifiedError: answer_known,
}
