"""The OpenAPI document: what FastAPI sees, and the schemas of bodies that are read without it."""

from collections.abc import Mapping
from typing import Any, override

from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from api.http.alias_documentation import TAG, alias_paths
from api.http.batch_bodies import BatchRequest
from api.http.completion_routes import Completion
from api.http.document_parts import share
from api.http.documented_everywhere import complete
from api.http.openapi_parts import SCHEMAS
from api.http.task_bodies import NewTask, TaskPatch, TaskReplacement

DESCRIPTION = """\
Your tasks, as REST. Every change is kept as a fact; nothing is lost.

Send the token your app already has in `Authorization: Bearer <token>`. Every error is a problem
document (RFC 9457) with a stable `code`; `/api/problems` lists them all.
"""

TAGS = [
    {"name": "tasks", "description": "Create, read and change your tasks."},
    {"name": "live", "description": "Hear of changes as they happen, and catch up."},
    {"name": "history", "description": "See what happened to your tasks, and what got done."},
    {"name": "personal data", "description": "Take along or erase all you have here; prove it."},
    {"name": "administration", "description": "For auditors and operators, by their role."},
    {"name": "operations", "description": "For probes and orchestrators; no token needed."},
    {"name": TAG, "description": "The same with your id in the path, for older clients."},
    {"name": "problems", "description": "Every error this API can answer with."},
]


class FieldProblem(BaseModel):
    """What is wrong with one place of a request; it has a pointer or a parameter."""

    pointer: str | None = Field(
        default=None, description="Where in the body: a JSON Pointer as a URI fragment (RFC 6901)."
    )
    parameter: str | None = Field(default=None, description="Which parameter.")
    detail: str = Field(description="What is wrong there.")


class LaterEvent(BaseModel):
    """The event that stands in the way of undoing another."""

    sequence: int = Field(description="Its place among everything you have done.", ge=1)
    type: str = Field(description="What happened, such as TaskRenamed.")
    at: AwareDatetime = Field(description="When, UTC.")
    field: str = Field(description="What it has changed that would be overwritten.")


class ProblemDocument(BaseModel):
    """What went wrong, as RFC 9457 says it."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="Where the kind of problem is described.")
    title: str = Field(description="The kind of problem, in a few words that never change.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time.")
    instance: str = Field(description="The path that was asked.")
    code: str = Field(description="The kind of problem, for programs.")
    request_id: str = Field(description="Which request it was; also in X-Request-Id.")
    errors: list[FieldProblem] | None = Field(
        default=None, description="The places at fault, when the problem is about some."
    )
    later_event: LaterEvent | None = Field(
        default=None, description="With the code later-change: what stands in the way."
    )


class DocumentedApi(FastAPI):
    """FastAPI with the schemas it cannot see in its OpenAPI document."""

    @override
    def openapi(self) -> dict[str, Any]:
        """Give the document."""
        if self.openapi_schema is not None:
            return self.openapi_schema
        document = super().openapi()
        document["components"]["schemas"] |= _schemas()
        complete(document["paths"])
        document["paths"] |= alias_paths(document["paths"])
        share(document)
        return document


def _schemas() -> Mapping[str, Any]:
    _, schemas = models_json_schema(
        [
            (NewTask, "validation"),
            (TaskReplacement, "validation"),
            (TaskPatch, "validation"),
            (Completion, "validation"),
            (BatchRequest, "validation"),
            (ProblemDocument, "serialization"),
        ],
        ref_template=SCHEMAS + "{model}",
    )
    definitions: dict[str, Any] = schemas["$defs"]
    return {schema["title"]: schema for schema in definitions.values()}
