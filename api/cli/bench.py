"""`taskfold bench`: the measurements of a checkout, which are no part of what is installed."""

import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.errors import NoCheckoutError

CHECKOUT = Path(__file__).parents[2]
BENCHMARKS = Path("tests", "benchmarks")


class Scale(StrEnum):
    """How much is measured."""

    SMOKE = "smoke"
    QUICK = "quick"
    FULL = "full"


def bench(
    *,
    scale: Annotated[
        Scale,
        typer.Option(
            help="A minute (smoke), ten (quick) or half an hour (full) on two idle cores."
        ),
    ] = Scale.QUICK,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Run this alone; may be given several times. memory and size run only so.",
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option(help="Where to write results, plots and flame graphs.")
    ] = Path(".benchmarks"),
    slow_fsync: Annotated[
        float, typer.Option(min=0, metavar="MS", help="Milliseconds added to every flush to disk.")
    ] = 0,
    profile: Annotated[
        bool, typer.Option("--profile", help="Write flame graphs of the write and the list path.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Measure this checkout beside what people would use instead."""
    if not (CHECKOUT / BENCHMARKS / "__main__.py").exists():
        raise NoCheckoutError(BENCHMARKS)
    arguments = ["--scale", scale, "--output", str(output.absolute())]
    arguments += [part for name in only or () for part in ("--only", name)]
    arguments += ["--slow-fsync", str(slow_fsync)] if slow_fsync else []
    arguments += ["--profile"] if profile else []
    arguments += ["--json"] if as_json else []
    # The folder of tests is no package of ours: it is measured with, never imported.
    command = [sys.executable, "-m", ".".join(BENCHMARKS.parts), *arguments]
    done = subprocess.run(command, cwd=CHECKOUT, check=False)  # noqa: S603 - our own module
    raise typer.Exit(done.returncode)
