"""What became of a batch, as clients see it."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.http.etag import etag
from api.http.problem import Problem
from api.http.problem_table import problem_of
from api.http.problem_types import FAILED_DEPENDENCY
from api.http.task_bodies import LeftOut
from api.http.task_view import EXAMPLE as TASK, Task
from commands.errors import CommandError, WrongVersionError
from commands.receipt import Receipt, StepOutcome
from commands.tasks import CreateTask, DeleteTask, Step

EXAMPLE: JsonDict = {
    "results": [
        {"status": 201, "id": 12, "temporary_id": "new-1", "version": 1, "etag": '"1"'},
        {"status": 200, "id": 12, "temporary_id": "new-1", "version": 2, "etag": '"2"'},
        {
            "status": 412,
            "id": 7,
            "version": 5,
            "etag": '"5"',
            "problem": {
                "type": "/api/problems/version-mismatch",
                "title": "The task has changed since",
                "status": 412,
                "detail": "Read the task, apply the change to what it is now, and send its new "
                "ETag.",
                "code": "version-mismatch",
            },
        },
    ],
    "temporary_ids": {"new-1": 12},
    "tasks": [TASK],
}


class CommandProblem(BaseModel):
    """Why one command of a batch was not carried out."""

    type: str = Field(description="Where the kind of problem is described.")
    title: str = Field(description="The kind of problem, in a few words that never change.")
    status: int = Field(description="The status of the command.")
    detail: str = Field(description="What happened this time.")
    code: str = Field(description="The kind of problem, for programs.")


class CommandResult(BaseModel):
    """What became of one command of a batch."""

    status: int = Field(
        description="What it would have been answered alone: 201, 200 or 204, or the status of the "
        "problem; 424 if that lies with another command."
    )
    id: Annotated[int, LeftOut] = Field(default=0, description="The task's id.")
    temporary_id: Annotated[str, LeftOut] = Field(
        default="", description="The temporary id the command has or names."
    )
    version: Annotated[int, LeftOut] = Field(
        default=0, description="The task's version after it; or now, if it is not the expected one."
    )
    etag: Annotated[str, LeftOut] = Field(default="", description="The same for If-Match.")
    replayed: Annotated[bool, LeftOut] = Field(
        default=False, description="True if it was carried out earlier, under its key."
    )
    problem: Annotated[CommandProblem | None, LeftOut] = Field(
        default=None, description="Why it was not carried out, if it was not."
    )


class BatchAnswer(BaseModel):
    """What became of a batch."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    results: list[CommandResult] = Field(description="One for each command, in the same order.")
    temporary_ids: dict[str, int] = Field(
        description="The ids of the tasks that temporary ids stood for."
    )
    tasks: Annotated[list[Task], LeftOut] = Field(
        default=[],
        description="The tasks it was about as it left them, those that are deleted left out.",
    )


def temporary_ids(steps: Sequence[Step], outcomes: Sequence[StepOutcome]) -> dict[str, int]:
    """Give the tasks that temporary ids have come to stand for."""
    return {
        step.starts: outcome.task_id
        for step, outcome in zip(steps, outcomes, strict=True)
        if step.starts is not None and isinstance(outcome, Receipt)
    }


def results(steps: Sequence[Step], outcomes: Sequence[StepOutcome]) -> list[CommandResult]:
    """Show what became of each command."""
    ids = temporary_ids(steps, outcomes)
    return [
        CommandResult.model_validate(
            {
                **_outcome(step, outcome),
                **_named(step, outcome, ids.get(step.task or "")),
            }
        )
        for step, outcome in zip(steps, outcomes, strict=True)
    ]


def refused_results(outcomes: Iterable[StepOutcome]) -> list[dict[str, object]]:
    """Show what became of each command of which none was carried out."""
    spared = Problem(type=FAILED_DEPENDENCY, detail="Another command of the batch was refused.")
    return [
        _refusal(spared) if isinstance(outcome, Receipt) else _refused(outcome)
        for outcome in outcomes
    ]


def _outcome(step: Step, outcome: StepOutcome) -> dict[str, object]:
    if not isinstance(outcome, Receipt):
        return _refused(outcome)
    replayed = {"replayed": True} if outcome.replayed else {}
    return {"status": _status(step), **_version(outcome.version), **replayed}


def _status(step: Step) -> int:
    match step.command:
        case CreateTask():
            return 201
        case DeleteTask():
            return 204
        case _:
            return 200


def _named(step: Step, outcome: StepOutcome, started: int | None) -> dict[str, object]:
    """Say which task it was, as far as that is known."""
    temporary_id = step.starts or step.task
    told: dict[str, object] = {} if temporary_id is None else {"temporary_id": temporary_id}
    if isinstance(outcome, Receipt):
        return {**told, "id": outcome.task_id}
    if step.task is None and not isinstance(step.command, CreateTask):
        return {**told, "id": step.command.task_id}
    return told if started is None else {**told, "id": started}


def _refused(error: CommandError) -> dict[str, object]:
    found = _version(error.found) if isinstance(error, WrongVersionError) else {}
    return {**_refusal(problem_of(error)), **found}


def _refusal(problem: Problem) -> dict[str, object]:
    kind = problem.type
    document = {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        "code": kind.code,
    }
    return {"status": kind.status, "problem": document}


def _version(version: int) -> dict[str, object]:
    return {"version": version, "etag": etag(version)}
