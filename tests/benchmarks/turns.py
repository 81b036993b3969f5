"""Contenders take turns, A B A B, so that whatever disturbs the machine disturbs them alike."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.benchmarks.scale import Scale

type Sample = Mapping[str, float]
"""What one turn has measured, by metric."""

type Turns = Mapping[str, Sequence[Sample]]
"""The samples of every contender, one a round."""


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that is measured: its name, and how it takes one turn."""

    name: str
    turn: Callable[[], Awaitable[Sample]]


async def take_turns(
    scale: Scale, contenders: Sequence[Contender], say: Callable[[str], None]
) -> Turns:
    """Let each contender have its turn, round after round; a first round may be thrown away."""
    taken: dict[str, list[Sample]] = {contender.name: [] for contender in contenders}
    for number in range(scale.rounds + scale.warm_up):
        warming = number < scale.warm_up
        label = "warming up" if warming else f"round {number + 1 - scale.warm_up}/{scale.rounds}"
        for contender in contenders:
            say(f"{label}: {contender.name}")
            sample = await contender.turn()
            if not warming:
                taken[contender.name].append(sample)
    return taken


def of(samples: Sequence[Sample], metric: str) -> list[float]:
    """Give one metric of some samples."""
    return [sample[metric] for sample in samples]


def best(turns: Turns, prefix: str, metric: str) -> str:
    """Give the contender with the highest median among those whose names begin so."""
    names = [name for name in turns if name.startswith(prefix)]
    return max(names, key=lambda name: median(of(turns[name], metric)))
