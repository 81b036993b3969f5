"""Entity tags: a task's version in double quotes."""

import re
from collections.abc import Sequence

from pydantic.json_schema import JsonSchemaValue

from api.http.errors import MalformedTagsError

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST = re.compile(rf"{_TAG}(?:[ \t]*,[ \t]*{_TAG})*")
_VERSION = re.compile(r'"([1-9][0-9]{0,9})"')
_WEAK = "W/"

_ONE = r'(W/)?"[!#-~]*"'
TAGS_SCHEMA: JsonSchemaValue = {
    "type": "string",
    "pattern": rf"^(\*|{_ONE}([ \t]*,[ \t]*{_ONE})*)$",
    "examples": ["*", '"2"'],
}
"""What the headers that hold entity tags look like, for the OpenAPI document."""


def etag(version: int) -> str:
    """Give the strong entity tag of a task's version."""
    return f'"{version}"'


def matching_versions(if_match: Sequence[str]) -> frozenset[int] | None:
    """Read the If-Match headers of a request (RFC 9110 §13.1.1).

    Returns:
        The versions that match; None when any does, because of `*` or because nothing was sent.

    Raises:
        MalformedTagsError: They hold something other than `*` or entity tags.
    """
    tags = _tags("If-Match", if_match)
    # A weak tag never matches here, and a tag that is no version was never one of ours.
    return None if tags is None or not if_match else _versions(tags)


def known_versions(if_none_match: Sequence[str]) -> frozenset[int] | None:
    """Read the If-None-Match headers of a change (RFC 9110 §13.1.2).

    Returns:
        The versions at which the task must not be; None for all of them, because of `*`.

    Raises:
        MalformedTagsError: They hold something other than `*` or entity tags.
    """
    tags = _tags("If-None-Match", if_none_match)
    return None if tags is None else _versions([_opaque(tag) for tag in tags])


def is_known(if_none_match: Sequence[str], present: str) -> bool:
    """Tell whether If-None-Match names the present tag; weak or strong makes no difference here.

    Raises:
        MalformedTagsError: It holds something other than `*` or entity tags.
    """
    tags = _tags("If-None-Match", if_none_match)
    return tags is None or _opaque(present) in map(_opaque, tags)


def _tags(header: str, fields: Sequence[str]) -> list[str] | None:
    field = ", ".join(fields).strip()
    if field == "*":
        return None
    if fields and not _LIST.fullmatch(field):
        raise MalformedTagsError(header)
    return re.findall(_TAG, field)


def _versions(tags: Sequence[str]) -> frozenset[int]:
    found = [_VERSION.fullmatch(tag) for tag in tags]
    return frozenset(int(version[1]) for version in found if version)


def _opaque(tag: str) -> str:
    return tag.removeprefix(_WEAK)
