"""Reading a request's JSON body: after the caller is known, and never more of it than allowed."""

from collections.abc import Awaitable, Callable
from email.message import Message
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from api.http.errors import (
    BodyTooLargeError,
    ContentCodingError,
    InvalidFieldsError,
    MalformedBodyError,
    MediaTypeError,
)
from api.http.field_errors import field_errors
from api.http.json_document import parse_json

SIZE_LIMIT = 1024 * 1024
"""Bytes a body may have."""

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


class RequestBody(BaseModel):
    """A body that clients send: nothing converted, nothing unknown let through."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    read_only: ClassVar[frozenset[str]] = frozenset()
    """Names that answers have and that may not be sent back."""

    @classmethod
    def place(cls, location: tuple[Any, ...]) -> tuple[Any, ...]:
        """Give the place in the document that the validator calls by a location."""
        return location


def json_body[M: RequestBody](
    model: type[M], *media_types: str
) -> Callable[[Request], Awaitable[M]]:
    """Make the dependency that reads a body of one model, sent as one of some media types.

    FastAPI's own body parameters are read before any dependency runs, by a parser that lets the
    last of two equal names win; this one runs where its place among the dependencies is.
    """

    async def read(request: Request) -> M:
        return _validated(model, await _read(request, media_types))

    return read


def optional_body[M: RequestBody](
    model: type[M], *media_types: str
) -> Callable[[Request], Awaitable[M | None]]:
    """Make the dependency that reads a body that may be left out; see `json_body`."""

    async def read(request: Request) -> M | None:
        body = await _bounded(request)
        if not body:
            return None
        _check_media_type(request, media_types)
        return _validated(model, body)

    return read


def _validated[M: RequestBody](model: type[M], body: bytes) -> M:
    document = parse_json(body)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        located = [_located(detail, model) for detail in found]
        raise InvalidFieldsError(field_errors(located)) from error


def _located(detail: ErrorDetails, model: type[RequestBody]) -> dict[str, Any]:
    unknown = detail["type"] == "extra_forbidden"
    kind = "read_only" if unknown and detail["loc"][-1] in model.read_only else detail["type"]
    place = model.place(detail["loc"])
    named = ("type",) if detail["type"].startswith("union_tag") else ()
    return {**detail, "type": kind, "loc": ("body", *place, *named)}


async def _read(request: Request, media_types: tuple[str, ...]) -> bytes:
    body = await _bounded(request)
    if not body:
        reason = "it is empty"
        raise MalformedBodyError(reason)
    _check_media_type(request, media_types)
    return body


async def _bounded(request: Request) -> bytes:
    # Refused by its announcement, a body that waits for "100 Continue" is not even sent.
    announced = request.headers.get("content-length", "")
    digits = len(announced) if announced.isdecimal() else 0
    if digits > len(str(SIZE_LIMIT)) or (digits and int(announced) > SIZE_LIMIT):
        raise BodyTooLargeError(SIZE_LIMIT)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > SIZE_LIMIT:
            raise BodyTooLargeError(SIZE_LIMIT)
    return bytes(body)


def _check_media_type(request: Request, media_types: tuple[str, ...]) -> None:
    given = request.headers.get("content-type")
    # What nearly everybody sends needs no parser.
    if given not in media_types and not _is_one_of(media_types, given or "text/plain"):
        raise MediaTypeError(given, media_types)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise ContentCodingError


def _is_one_of(media_types: tuple[str, ...], given: str) -> bool:
    parsed = Message()
    parsed["Content-Type"] = given
    utf8 = parsed.get_content_charset("utf-8") in {"utf-8", "utf8"}
    return utf8 and parsed.get_content_type() in media_types
