"""An answer to what never reached the application, or was cut off in it."""

from starlette.responses import Response

from api.http.problem import Problem, problem_response
from api.http.request_context import HEADER
from api.http.security_headers import HEADERS, NEVER_STORED


def bare_answer(problem: Problem, request_id: str, path: str = "/") -> Response:
    """Give a problem as a whole answer, with the headers that middleware would have added."""
    response = problem_response(problem, {"path": path, "state": {"request_id": request_id}})
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = NEVER_STORED
    response.headers[HEADER] = request_id
    response.headers["Connection"] = "close"
    return response
