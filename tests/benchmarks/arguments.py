"""What a run can be told on the command line."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.catalogue import CATALOGUE
from tests.benchmarks.scale import QUICK, SCALES, Scale

OUTPUT = Path(".benchmarks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What was asked for.

    Attributes:
        scale: How much is to be measured.
        only: The benchmarks to run; none for all.
        output: Where results go.
        slow_fsync: Milliseconds added to every flush to disk.
        profile: Whether to write flame graphs instead.
        as_json: Whether results are printed as JSON.
    """

    scale: Scale
    only: list[str]
    output: Path
    slow_fsync: float
    profile: bool
    as_json: bool


def parse(arguments: Sequence[str]) -> Arguments:
    """Read the command line."""
    listed = "\n".join(f"  {name:<38}{each.about}" for name, each in CATALOGUE.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        epilog=f"benchmarks:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    takes = ", ".join(f"{name} takes {scale.takes}" for name, scale in SCALES.items())
    parser.add_argument("--scale", choices=SCALES, default=QUICK.name, help=takes)
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--slow-fsync", type=float, default=0, metavar="MS")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args(arguments)
    return Arguments(
        scale=SCALES[given.scale],
        only=given.only,
        output=given.output,
        slow_fsync=given.slow_fsync,
        profile=given.profile,
        as_json=given.as_json,
    )
