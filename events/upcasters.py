"""The steps that bring a payload written by an older version of the code up to today's shape.

A step is pure and takes a payload from schema version n to n + 1. It is named after where it
starts, `upcast_task_created_v1`, and once released it never changes, as little as the log does.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial, reduce
from typing import Any

import msgspec

from events.errors import MissingUpcasterError

type Payload = dict[str, Any]
type Step = Callable[[Payload], Payload]
type Steps = Mapping[tuple[str, int], Step]
"""Steps by event type and the schema version they start from."""

type Reader[Fact] = Callable[[str], Fact]

STEPS: Steps = {}
"""Every step there is: none yet, since every event type is still at its first version."""


def readers[Fact](
    class_: type[Fact], today: int, steps: Steps
) -> Iterator[tuple[int, Reader[Fact]]]:
    """Give what reads each schema version an event type was ever written with, today's included.

    Raises:
        MissingUpcasterError: A version is older than today's and no step leads on from it.
    """
    yield today, msgspec.json.Decoder(class_).decode
    for version in range(1, today):
        yield version, partial(_read_older, class_, _path(class_.__name__, version, today, steps))


def _path(type_: str, version: int, today: int, steps: Steps) -> list[Step]:
    for start in range(version, today):
        if (type_, start) not in steps:
            raise MissingUpcasterError(type_, start)
    return [steps[type_, start] for start in range(version, today)]


def _read_older[Fact](class_: type[Fact], path: list[Step], data: str) -> Fact:
    payload = msgspec.json.decode(data, type=Payload.__value__)
    return msgspec.convert(reduce(lambda older, step: step(older), path, payload), class_)
