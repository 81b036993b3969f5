"""Findings as a table of Markdown, which a terminal shows as well as a document."""

from collections.abc import Iterable, Sequence
from statistics import median

from tests.benchmarks.findings import Comparison, Curve, Finding, Skipped, Value

_HEAD = ("work", "beside", "ours", "theirs", "ratio (least–most)", "must", "hope", "")


def table(findings: Sequence[Finding]) -> str:
    """Give everything that was found, as Markdown."""
    parts = [
        _rows(_HEAD, (_comparison(found) for found in findings if isinstance(found, Comparison))),
        _rows(
            ("work", "value", "median (least–most)"),
            (_value(found) for found in findings if isinstance(found, Value)),
        ),
        _rows(
            ("work", "grows with", "cost at each size"),
            (_curve(found) for found in findings if isinstance(found, Curve)),
        ),
        "\n".join(
            f"SKIPPED: {found.work} beside {found.reference}: {found.reason}."
            for found in findings
            if isinstance(found, Skipped)
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _rows(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = list(rows)
    if not body:
        return ""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _comparison(found: Comparison) -> Sequence[str]:
    target = found.target
    sign = "≤" if found.less_is_better else "≥"
    verdict = {None: "", True: "reached", False: "**short**"}[found.reached]
    return (
        f"{found.work}: {found.metric}",
        found.reference,
        f"{number(median(found.ours))} {found.unit}",
        f"{number(median(found.theirs))} {found.unit}",
        f"{found.ratio:.2f} ({min(found.ratios):.2f}–{max(found.ratios):.2f})",
        f"{sign} {target.must:g}" if target else "",
        f"{sign} {target.hope:g}" if target and target.hope else "",
        "hoped" if found.hoped else verdict,
    )


def _value(found: Value) -> Sequence[str]:
    spread = f"{number(min(found.values))}–{number(max(found.values))}"
    return (found.work, found.metric, f"{number(found.median)} {found.unit} ({spread})")


def _curve(found: Curve) -> Sequence[str]:
    points = ", ".join(f"{size:,.0f}: {number(cost)}" for size, cost in found.points)
    return (found.work, found.axis, f"{points} {found.unit}")


def number(value: float) -> str:
    """Write a number with three digits that mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
