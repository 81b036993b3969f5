"""What a verified token says its bearer may do beyond their own tasks."""

import re
from collections.abc import Mapping
from typing import Any, cast

AUDITOR = "auditor"
"""Reads other users' trails; each reading is recorded where that user sees it."""

OPERATOR = "operator"
"""Looks after projections."""

_SEPARATORS = re.compile(r"[,\s]+")


def roles_of(payload: Mapping[str, Any], claim: str) -> frozenset[str]:
    """Read roles from a claim: a list of strings, or one string with commas or spaces between.

    Anything else is no role. A claim whose very name has dots in it is found before a path is.
    """
    found = payload.get(claim) if claim in payload else _at(payload, claim.split("."))
    if isinstance(found, str):
        return frozenset(filter(None, _SEPARATORS.split(found)))
    if isinstance(found, list):
        return frozenset(each for each in cast("list[object]", found) if isinstance(each, str))
    return frozenset()


def _at(payload: Mapping[str, Any], path: list[str]) -> object:
    place: object = payload
    for name in path:
        if not isinstance(place, dict):
            return None
        place = cast("dict[str, object]", place).get(name)
    return place
