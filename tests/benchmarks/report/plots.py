"""Curves as pictures that a document can hold: one SVG for each axis."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from tests.benchmarks.findings import Curve, Finding

# The same picture from the same figures, so that a document changes only when they do.
mpl.rcParams["svg.hashsalt"] = "taskfold"
mpl.rcParams["svg.fonttype"] = "none"


def plots(findings: Sequence[Finding], directory: Path) -> list[Path]:
    """Draw what grew along each axis, both on logarithmic scales; gives the files."""
    axes: dict[str, list[Curve]] = defaultdict(list)
    for found in findings:
        if isinstance(found, Curve):
            axes[found.axis].append(found)
    return [_plot(axis, curves, directory) for axis, curves in axes.items()]


def _plot(axis: str, curves: Sequence[Curve], directory: Path) -> Path:
    file = directory / f"growth-{axis.replace(' ', '-')}.svg"
    # matplotlib says of its keyword arguments only that there are some.
    figure: Any = Figure(figsize=(6, 3.5), layout="constrained")
    plot = figure.add_subplot()
    for curve in curves:
        sizes, costs = zip(*curve.points, strict=True)
        plot.plot(sizes, costs, marker="o", label=curve.work)
    plot.set(xscale="log", yscale="log", xlabel=axis, ylabel=f"median, {curves[0].unit}")
    plot.grid(visible=True, which="both", alpha=0.2)
    plot.legend()
    figure.savefig(file, metadata={"Date": None})
    return file
