"""Entity tags: a task's version in double quotes."""

import re
from collections.abc import Sequence

from api.http.errors import MalformedTagsError

_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST = re.compile(rf"{_TAG}(?:[ \t]*,[ \t]*{_TAG})*")
_VERSION = re.compile(r'"([1-9][0-9]{0,9})"')


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
    field = ", ".join(if_match).strip()
    if not if_match or field == "*":
        return None
    if not _LIST.fullmatch(field):
        raise MalformedTagsError
    # A weak tag never matches here, and a tag that is no version was never one of ours.
    found = [_VERSION.fullmatch(tag) for tag in re.findall(_TAG, field)]
    return frozenset(int(version[1]) for version in found if version)
