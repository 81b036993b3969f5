"""Saying once, in the OpenAPI document's components, what many of its answers say."""

from collections.abc import Iterator
from typing import Any

type Part = dict[str, Any]


class Components:
    """Headers and examples by name; two different ones that share a name are told apart."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self.parts: Part = {}

    def reference(self, name: str, part: Part) -> Part:
        """Keep a part, and give a reference to it."""
        free = (candidate for candidate in _names(name) if self._fits(candidate, part))
        found = next(free)
        self.parts[found] = part
        return {"$ref": f"#/components/{self._kind}/{found}"}

    def _fits(self, name: str, part: Part) -> bool:
        return self.parts.get(name, part) == part


def share(document: Part) -> None:
    """Replace the headers and examples of answers by references to the document's components."""
    headers, examples = Components("headers"), Components("examples")
    for answer in _answers(document):
        answer["headers"] = {
            name: headers.reference(name, part) for name, part in answer.get("headers", {}).items()
        }
        answer["content"] = {
            media_type: _with_shared_examples(content, examples)
            for media_type, content in answer.get("content", {}).items()
        }
        for empty in [name for name in ("headers", "content") if not answer[name]]:
            del answer[empty]
    document["components"] |= {"headers": headers.parts, "examples": examples.parts}


def _answers(document: Part) -> Iterator[Part]:
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"] = {
                status: dict(answer) for status, answer in operation["responses"].items()
            }
            yield from operation["responses"].values()


def _with_shared_examples(content: Part, examples: Components) -> Part:
    if "examples" not in content:
        return content
    shared = {name: examples.reference(name, part) for name, part in content["examples"].items()}
    return {**content, "examples": shared}


def _names(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
