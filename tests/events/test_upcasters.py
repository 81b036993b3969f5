from dataclasses import dataclass

import pytest

from events.errors import MissingUpcasterError
from events.upcasters import Payload, Steps, readers


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit:
    """A fact that has had three shapes: {"watt"}, then {"lumen"}, then {"lumen", "colour"}."""

    lumen: int
    colour: str


def upcast_lamp_lit_v1(payload: Payload) -> Payload:
    return {"lumen": payload["watt"] * 80}


def upcast_lamp_lit_v2(payload: Payload) -> Payload:
    return {**payload, "colour": "warm"}


STEPS: Steps = {("LampLit", 1): upcast_lamp_lit_v1, ("LampLit", 2): upcast_lamp_lit_v2}


@pytest.mark.parametrize(
    ("version", "stored"),
    [(1, '{"watt":10}'), (2, '{"lumen":800}'), (3, '{"lumen":800,"colour":"warm"}')],
)
def test_every_version_is_read_as_what_it_means_today(version: int, stored: str) -> None:
    read = dict(readers(LampLit, 3, STEPS))[version]
    assert read(stored) == LampLit(lumen=800, colour="warm")


def test_no_version_is_read_that_was_never_written() -> None:
    assert dict(readers(LampLit, 3, STEPS)).keys() == {1, 2, 3}


def test_a_step_that_is_missing_is_named() -> None:
    with pytest.raises(MissingUpcasterError, match="version 2 of LampLit has no upcaster"):
        dict(readers(LampLit, 3, {("LampLit", 1): upcast_lamp_lit_v1}))
