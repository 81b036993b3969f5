"""The body of a batch: commands of seven types, each about a task or a temporary id."""

from typing import Annotated, Any, ClassVar, Literal, override

from pydantic import Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.http.body import RequestBody
from api.http.command_context import KEY_LIMIT, KEY_PATTERN
from api.http.errors import FieldError, InvalidFieldsError, MissingConditionError
from api.http.task_bodies import READ_ONLY, LeftOut, NewTask, TaskPatch, TaskReplacement
from api.http.task_number import LARGEST
from commands.tasks import (
    Batch,
    CompleteTask,
    DeleteTask,
    ReopenTask,
    RestoreTask,
    Step,
    TaskCommand,
)

COMMANDS_LIMIT = 100
TEMPORARY_ID_LIMIT = 64

_TEMPORARY_ID = {
    "type": "string",
    "minLength": 1,
    "maxLength": TEMPORARY_ID_LIMIT,
    "pattern": KEY_PATTERN,
}
_NUMBER = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST}


def _reference(value: object) -> int | str:
    if isinstance(value, str) or (type(value) is int and 1 <= value <= LARGEST):
        return value
    raise _no_reference()


def _no_reference() -> PydanticCustomError:
    return PydanticCustomError("reference", "This must be a task's id or a temporary id.")


TemporaryId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TEMPORARY_ID_LIMIT, pattern=KEY_PATTERN),
    Field(
        description="What later commands of the batch may say for the task's id.",
        examples=["new-1"],
    ),
]
Reference = Annotated[
    int | str,
    PlainValidator(_reference),
    WithJsonSchema({"oneOf": [_NUMBER, _TEMPORARY_ID]}),
    Field(
        description="The task's id, or the temporary id of a task that an earlier command of the "
        "batch creates.",
        examples=[12, "new-1"],
    ),
]
Key = Annotated[
    str,
    StringConstraints(min_length=1, max_length=KEY_LIMIT, pattern=KEY_PATTERN),
    Field(
        description="The Idempotency-Key of this command alone: under it, it is carried out once, "
        "in whichever batch or request it comes again.",
        examples=["1d3f2c7e-61f4-4a06-8d4e-0c57c1d2a9b3"],
    ),
]
ExpectedVersion = Annotated[
    int,
    Field(
        ge=1,
        le=LARGEST,
        description="The version that the task must have, unless an earlier command of the batch "
        "that expected the same has made another one of it.",
        examples=[2],
    ),
]


class CreateCommand(RequestBody):
    """Create a task."""

    type: Literal["create"]
    task: NewTask
    temporary_id: Annotated[TemporaryId, LeftOut] = ""
    key: Annotated[Key, LeftOut] = ""

    def step(self) -> Step:
        """Say what the client asks for."""
        return Step(
            command=self.task.command(), starts=self.temporary_id or None, key=self.key or None
        )


class _TaskStep(RequestBody):
    id: Reference
    expected_version: Annotated[ExpectedVersion, LeftOut] = 0
    key: Annotated[Key, LeftOut] = ""

    def step(self) -> Step:
        """Say what the client asks for."""
        expected = frozenset({self.expected_version}) if self.expected_version else None
        name, number = (self.id, 0) if isinstance(self.id, str) else (None, self.id)
        return Step(
            command=self._command(number),
            task=name,
            key=self.key or None,
            expected_versions=expected,
        )

    def _command(self, task_id: int) -> TaskCommand:
        raise NotImplementedError


class ReplaceCommand(_TaskStep):
    """Replace everything you may set of a task."""

    type: Literal["replace"]
    task: TaskReplacement

    @override
    def _command(self, task_id: int) -> TaskCommand:
        return self.task.command(task_id)


class ChangeCommand(_TaskStep):
    """Change some fields of a task, as a merge patch (RFC 7396)."""

    type: Literal["change"]
    changes: TaskPatch

    @override
    def _command(self, task_id: int) -> TaskCommand:
        return self.changes.command(task_id)


VERBS = {
    "complete": CompleteTask,
    "reopen": ReopenTask,
    "delete": DeleteTask,
    "restore": RestoreTask,
}


class VerbCommand(_TaskStep):
    """Complete, reopen, delete or restore a task."""

    type: Literal["complete", "reopen", "delete", "restore"]

    @override
    def _command(self, task_id: int) -> TaskCommand:
        return VERBS[self.type](task_id=task_id)


Command = Annotated[
    CreateCommand | ReplaceCommand | ChangeCommand | VerbCommand, Field(discriminator="type")
]


class BatchRequest(RequestBody):
    """Several commands, to be carried out in order."""

    read_only: ClassVar[frozenset[str]] = READ_ONLY

    commands: list[Command] = Field(
        min_length=1, max_length=COMMANDS_LIMIT, description="Up to 100 commands."
    )
    atomic: bool = Field(
        default=False,
        description="Whether none is carried out if any is refused; by default, each stands alone.",
        examples=[True],
    )

    @override
    @classmethod
    def place(cls, location: tuple[Any, ...]) -> tuple[Any, ...]:
        """Leave out the name of the type that was tried, which is in no document."""
        return (*location[:2], *location[3:]) if location[:1] == ("commands",) else location

    def batch(self) -> Batch:
        """Say what the client asks for.

        Raises:
            InvalidFieldsError: A temporary id stands for two tasks, or for none yet.
        """
        steps = tuple(command.step() for command in self.commands)
        started, errors = set[str](), list[FieldError]()
        for number, step in enumerate(steps):
            if step.task is not None and step.task not in started:
                errors.append(_error(number, "id", "No earlier command has this temporary_id."))
            if step.starts in started:
                errors.append(_error(number, "temporary_id", "An earlier command has this one."))
            if step.starts is not None:
                started.add(step.starts)
        if errors:
            raise InvalidFieldsError(tuple(errors))
        return Batch(steps=steps, atomic=self.atomic)

    def check_conditions(self) -> None:
        """Demand a version wherever the client can know one.

        Raises:
            MissingConditionError: A command does not say what it expects.
        """
        errors = [
            _error(number, "expected_version", "This is required here.")
            for number, command in enumerate(self.commands)
            if isinstance(command, _TaskStep)
            and isinstance(command.id, int)
            and not command.expected_version
        ]
        if errors:
            raise MissingConditionError(tuple(errors))


def _error(number: int, name: str, detail: str) -> FieldError:
    return FieldError(place=f"#/commands/{number}/{name}", detail=detail, in_body=True)
