"""/api/problems: what the `type` of every problem leads to."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, Field

from api.http.openapi_parts import problems, success
from api.http.problem_type import PREFIX, ProblemType
from api.http.problem_types import PROBLEM_TYPES, ROUTE_NOT_FOUND

router = APIRouter(prefix=PREFIX.rstrip("/"), tags=["problems"])


Code = Annotated[
    str,
    Path(
        description="The problem's code.",
        openapi_examples={"a problem": {"value": "task-not-found"}},
    ),
]


class ProblemDescription(BaseModel):
    """One kind of problem."""

    type: str = Field(description="Its address.")
    code: str = Field(description="Its stable name, for programs.")
    status: int = Field(description="The HTTP status it comes with.")
    title: str = Field(description="What it is.")
    remedy: str = Field(description="What the caller can do.")


@router.get(
    "",
    operation_id="listProblems",
    responses={**success("All problems, by code."), **problems()},
)
async def list_problems() -> list[ProblemDescription]:
    """List every problem this API can answer with."""
    return [_describe(problem_type) for problem_type in PROBLEM_TYPES.values()]


@router.get(
    "/{code}",
    operation_id="getProblem",
    responses={**success("The problem."), **problems(ROUTE_NOT_FOUND)},
)
async def get_problem(code: Code) -> ProblemDescription:
    """Describe one problem."""
    if code not in PROBLEM_TYPES:
        raise HTTPException(ROUTE_NOT_FOUND.status)
    return _describe(PROBLEM_TYPES[code])


def _describe(problem_type: ProblemType) -> ProblemDescription:
    return ProblemDescription(
        type=problem_type.uri,
        code=problem_type.code,
        status=problem_type.status,
        title=problem_type.title,
        remedy=problem_type.remedy,
    )
