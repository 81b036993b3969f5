"""What a benchmark finds: comparisons, values, curves, and what could not be measured. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a ratio must reach, and what is hoped for; a limit where less is better."""

    must: float
    hope: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One figure of ours beside that of a reference, each measured in turn in the same run.

    Attributes:
        work: What was done.
        metric: What was measured of it.
        unit: In what.
        ours: Our values, one a round.
        reference: Beside whom.
        theirs: Their values, one a round.
        less_is_better: Whether the smaller value wins.
        target: What the ratio of ours to theirs should be.
    """

    work: str
    metric: str
    unit: str
    ours: Sequence[float]
    reference: str
    theirs: Sequence[float]
    less_is_better: bool = False
    target: Target | None = None

    @property
    def ratios(self) -> list[float]:
        """Ours to theirs, round by round: what disturbs a round disturbs both."""
        return [mine / other for mine, other in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the ratios."""
        return median(self.ratios)

    @property
    def reached(self) -> bool | None:
        """Whether the median is what it must be; None when nothing is demanded."""
        if self.target is None:
            return None
        return self._as_good_as(self.target.must)

    @property
    def hoped(self) -> bool:
        """Whether the median is even what is hoped for."""
        hope = self.target and self.target.hope
        return hope is not None and self._as_good_as(hope)

    def _as_good_as(self, limit: float) -> bool:
        return self.ratio <= limit if self.less_is_better else self.ratio >= limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Something that is reported as it is, such as bytes on disk."""

    work: str
    metric: str
    unit: str
    values: Sequence[float]
    most: float | None = None

    @property
    def median(self) -> float:
        """The value in the middle."""
        return median(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How a cost grows with a size.

    Attributes:
        work: What was done.
        axis: What grows.
        unit: The unit of the cost.
        points: Pairs of a size and the cost there.
    """

    work: str
    axis: str
    unit: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A reference that could not be measured on this machine, and why."""

    work: str
    reference: str
    reason: str


type Finding = Comparison | Value | Curve | Skipped
