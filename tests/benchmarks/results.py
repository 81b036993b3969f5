"""What a run has found so far, on disk after every benchmark, so that none of it is lost."""

import sys
from collections.abc import Awaitable, Mapping
from pathlib import Path

from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.findings import Finding, Skipped
from tests.benchmarks.report.document import document
from tests.benchmarks.report.plots import plots
from tests.benchmarks.report.table import table


class Results:
    """Findings, and what they were found on.

    Attributes:
        failed: Whether a benchmark could not be brought to its end.
    """

    def __init__(self, output: Path, conditions: Mapping[str, object]) -> None:
        self.failed = False
        self._output = output
        self._conditions = conditions
        self._findings: list[Finding] = []

    async def take(self, name: str, measured: Awaitable[list[Finding]]) -> None:
        """Keep what a benchmark finds, or that it failed."""
        try:
            self._findings += await measured
        except BenchmarkError as error:
            self.fail(name, error)
        self._keep()

    def fail(self, name: str, error: BenchmarkError) -> None:
        """Keep that something could not be measured, and why."""
        self.failed = True
        self._findings.append(Skipped(work=name, reference="everything", reason=str(error)))
        print(f"Error: {error}", file=sys.stderr)
        self._keep()

    def table(self) -> str:
        """Give everything as Markdown."""
        told = ", ".join(f"{name} {value}" for name, value in self._conditions.items())
        return f"Measured with {told}.\n\n{table(self._findings)}\n"

    def document(self) -> str:
        """Give everything as JSON."""
        return document(self._findings, self._conditions)

    def _keep(self) -> None:
        (self._output / "results.json").write_text(self.document() + "\n")
        (self._output / "results.md").write_text(self.table())
        plots(self._findings, self._output)
