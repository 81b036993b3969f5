"""Every error class of the product, and what it says."""

from collections.abc import Iterator
from datetime import UTC, datetime
from inspect import signature
from pathlib import Path

from events.envelope import LoggedEvent, Metadata
from events.tasks import TaskCompleted

_EVENT = LoggedEvent(
    user_id="words",
    sequence=7,
    task_id=7,
    version=7,
    payload=TaskCompleted(),
    metadata=Metadata(actor="words", command="words", request_id="words", correlation_id="words"),
    recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
)

_FACTS: dict[object, object] = {
    LoggedEvent: _EVENT,
    Path: Path("/a/b"),
    float: 7.0,
    int: 7,
    tuple[str, ...]: ("words",),
}
"""What to tell an error, by the type it wants to be told; words otherwise."""


def raised(root: type[Exception]) -> Iterator[type[Exception]]:
    """Give a class if it has none below it, or else those."""
    below = root.__subclasses__()
    if not below:
        yield root
    for class_ in below:
        yield from raised(class_)


def message(class_: type[Exception]) -> str:
    """Give what an error says about made-up facts."""
    call = signature(class_)
    facts = {
        name: _FACTS.get(parameter.annotation, "words")
        for name, parameter in call.parameters.items()
    }
    bound = call.bind_partial()
    bound.arguments.update(facts)
    return str(class_(*bound.args, **bound.kwargs))
