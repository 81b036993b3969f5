"""What a validator found, said in sentences about places the caller knows."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from api.http.errors import FieldError

LIMIT = 50
"""Errors told at once; who sends more mistakes than this reads the first ones first."""

NAME_LIMIT = 100
"""Characters of a name repeated back."""

_SENTENCES: Mapping[str, str] = {
    "bool_parsing": "This must be true or false.",
    "bool_type": "This must be true or false.",
    "enum": "This must be {expected}.",
    "literal_error": "This must be {expected}.",
    "list_type": "This must be an array.",
    "too_short": "This must hold at least {min_length}.",
    "too_long": "This must hold at most {max_length}.",
    "extra_forbidden": "This is not known here.",
    "finite_number": "This must be a finite number.",
    "float_type": "This must be a number.",
    "greater_than_equal": "This must be at least {ge}.",
    "int_parsing": "This must be an integer.",
    "less_than_equal": "This must be at most {le}.",
    "missing": "This is required.",
    "model_attributes_type": "This must be a JSON object.",
    "model_type": "This must be a JSON object.",
    "read_only": "This is read-only.",
    "string_pattern_mismatch": "This must be printable ASCII without spaces around it.",
    "string_too_long": "This must have at most {max_length} characters.",
    "string_too_short": "This must not be empty.",
    "string_type": "This must be a string.",
    "union_tag_invalid": "This must be one of {expected_tags}.",
    "union_tag_not_found": "This is required.",
    "string_unicode": "This holds half of a surrogate pair, which is no character.",
}


def field_errors(found: Sequence[Any]) -> tuple[FieldError, ...]:
    """Turn Pydantic's errors, located as FastAPI does it, into ours."""
    return tuple(
        FieldError(
            place=_place(error["loc"]),
            detail=_detail(error),
            in_body=error["loc"][0] == "body",
        )
        for error in found[:LIMIT]
    )


def _place(location: Sequence[str | int]) -> str:
    source, *names = (str(name)[:NAME_LIMIT] for name in location)
    if source != "body":
        return ".".join(names)
    # RFC 6901: ~ and / are escaped inside a name, and the whole is a URI fragment.
    return "#" + "".join(
        "/" + quote(name.replace("~", "~0").replace("/", "~1"), safe="~") for name in names
    )


def _detail(error: Mapping[str, Any]) -> str:
    sentence = _SENTENCES.get(error["type"])
    return error["msg"] if sentence is None else sentence.format_map(error.get("ctx", {}))
