"""Comparing what a document shows with what really came, apart from what never comes twice."""

import json
import re
from collections.abc import Iterator
from typing import Any

LEFT_OUT = "…"
"""Alone on a line, it stands for any number of lines."""

TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")

_VARYING = {
    TOKEN: "<token>",
    re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"): "<id>",
    re.compile(r"\b[0-9a-f]{64}\b"): "<hash>",
    re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00)"): "<instant>",
    re.compile(r"(?<=^Taskfold )\d+\.\d+\.\d+", re.MULTILINE): "<version>",
    re.compile(r"(?<=PostgreSQL  )\d+\.\d+"): "<version>",
    re.compile(r"^\d+; \d+ \d+(?= TABLE DATA)", re.MULTILINE): "<entry>",
    re.compile(r"-{3,}"): "---",
}
"""What is different in every run, and the rules of psql, as wide as what stands below them."""


def agree(expected: str, actual: str) -> bool:
    """Tell whether an answer is the one a document shows; JSON may be laid out in any way."""
    return _agree(list(_parts(expected)), list(_parts(actual)))


def _agree(expected: list[Any], actual: list[Any]) -> bool:
    match expected:
        case []:
            return not actual
        case [part, *rest] if part == LEFT_OUT:
            return any(_agree(rest, actual[start:]) for start in range(len(actual) + 1))
        case [part, *rest]:
            return bool(actual) and part == actual[0] and _agree(rest, actual[1:])
        case _:
            return False


def _parts(text: str) -> Iterator[Any]:
    for pattern, name in _VARYING.items():
        text = pattern.sub(name, text)
    while text := text.lstrip():
        if text[0] in "[{":
            document, end = json.JSONDecoder().raw_decode(text)
            yield document
            text = text[end:]
        else:
            line, _, text = text.partition("\n")
            yield " ".join(line.split())
