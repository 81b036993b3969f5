"""One rebuild of the task projection in a process of its own, and what it takes.

Run as `python -m tests.benchmarks.subjects.rebuild URL`; a question names how many processes.
"""

import sys
from pathlib import Path
from time import perf_counter

from events.database import open_pool
from projections.generation import Phase
from projections.rebuild.beginning import begin_rebuild
from projections.rebuild.rebuild import Rebuild
from projections.rebuild.workers import Help, workers
from projections.task import TASK
from tests.benchmarks.answering import Question, Sample, answer, run

MADE = (Phase.REPLAYING, Phase.INDEXING)
"""The phases in which the table is made; the others catch up, verify and switch."""


def peak_memory() -> float:
    """Give the most memory this process has had, in MB."""
    # What resource.getrusage says may be that of the process this one was made by.
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


class Rebuilding:
    """Rebuilds what is in a database."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def turn(self, question: Question) -> Sample:
        """Rebuild once, with so many processes."""
        took: dict[Phase | None, float] = {}
        began = last = perf_counter()
        phase: Phase | None = None
        async with open_pool(self._url, size=4) as pool:
            await begin_rebuild(pool, TASK)
            rebuild = Rebuild(pool=pool, projection=TASK)
            with workers(question["processes"] - 1, Help(url=self._url, name=TASK.name)):
                async for step in rebuild.run():
                    now = perf_counter()
                    took[phase] = took.get(phase, 0) + now - last
                    phase, last = step.phase, now
        return {
            "made": sum(took.get(each, 0) for each in MADE),
            "replayed": took.get(Phase.REPLAYING, 0),
            "whole": perf_counter() - began,
            "memory": peak_memory(),
        }


if __name__ == "__main__":
    run(answer(Rebuilding(sys.argv[1]).turn))
