"""Where the time goes: flame graphs of the write and the list path, and the costliest functions."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from tests.benchmarks.bench import Bench
from tests.benchmarks.errors import UnavailableError
from tests.benchmarks.statements import costliest, forget
from tests.benchmarks.turns import Sample
from tests.benchmarks.works.append import our_handler
from tests.benchmarks.works.serving import services

PROGRAM = Path(sys.executable).with_name("py-spy")
SHOWN = 40
EVERYWHERE = 0.97
"""The share of all stacks from which on a function only says that the program runs."""

type Work = Callable[[], Awaitable[Sample]]
type Profiled = tuple[int, Work]
"""A process, and what it is given to do while it is looked at."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a function costs: in it and below it, and in it alone, in µs of CPU time each time."""

    function: str
    within: float
    alone: float


async def profiles(bench: Bench, output: Path) -> None:
    """Write a flame graph and a ranking of each path."""
    for name, path in PATHS.items():
        bench.say(f"profiling the {name} path")
        async with path(bench) as (pid, work):
            if bench.scale.warm_up:
                await work()
            counted = await _counted(bench, work)
            ranked, sample = await ranking(bench, pid, work)
            await _recorded(bench, pid, work, output / f"{name}-path.svg", "flamegraph")
        report = _report(name, ranked, sample) + counted
        (output / f"{name}-path.md").write_text(report)
        bench.say(report)


async def _counted(bench: Bench, work: Work) -> str:
    """Give what PostgreSQL says of its statements in a turn, if it counts them."""
    if bench.superuser_url is None:
        return ""
    forget(bench.superuser_url)
    sample = await work()
    rows = costliest(bench.superuser_url, sample["count"])
    lines = [
        f"| {microseconds:.1f} | {calls:,} | {count:,} | `{query}` |"
        for microseconds, calls, count, query in rows
    ]
    told = f"{sample['count']:,.0f} done, {sample['rate']:,.0f} a second, not looked at."
    columns = "| µs in PostgreSQL | calls | rows | statement |\n|---|---|---|---|"
    head = f"\n{told}\n\n{columns}"
    return "\n".join([head, *lines, ""])


@asynccontextmanager
async def _write_path(bench: Bench, in_flight: int | None = None) -> AsyncGenerator[Profiled]:
    most = in_flight or max(bench.scale.in_flight)
    async with our_handler(bench) as ours:
        yield ours.process.process.pid, partial(ours.append, most)


@asynccontextmanager
async def _list_path(bench: Bench) -> AsyncGenerator[Profiled]:
    async with services(bench) as running:
        ours = running.ours.service
        yield ours.server.process.pid, partial(ours.load, "list", bench.scale.connections)


PATHS = {
    "write": _write_path,
    "write-alone": partial(_write_path, in_flight=1),
    "list": _list_path,
}


async def ranking(bench: Bench, pid: int, work: Work) -> tuple[list[Cost], Sample]:
    """Give the functions that cost most for each thing done, and what that thing took."""
    file = bench.directory / "stacks.txt"
    sample, cpu = await _recorded(bench, pid, work, file, "raw")
    return costs(file.read_text(), cpu), {**sample, "cpu": cpu}


async def _recorded(
    bench: Bench, pid: int, work: Work, file: Path, format_: str
) -> tuple[Sample, float]:
    """Record a turn of a process; gives what it measured, and its CPU time each time in µs."""
    seconds = str(max(1, round(bench.scale.seconds)))
    options = ("--rate", "500", "--format", format_, "--output", str(file), "--duration", seconds)
    before = _cpu_time(pid)
    recorder = await asyncio.create_subprocess_exec(
        *(str(PROGRAM), "record", "--pid", str(pid), "--nonblocking", *options),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    sample = await work()
    cpu = 1e6 * (_cpu_time(pid) - before) / sample["count"]
    _, complaints = await recorder.communicate()
    if recorder.returncode:
        reason = f"py-spy cannot look into a process here: {complaints.decode().strip()}"
        raise UnavailableError(reason)
    return sample, cpu


def _cpu_time(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def costs(stacks: str, cpu: float) -> list[Cost]:
    """Rank functions from stacks, one a line: frames with semicolons between them, and a count."""
    within, alone, total = Counter[str](), Counter[str](), 0
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [frame.partition(":")[0].rstrip(")") for frame in stack.split(";")]
        total += int(count)
        alone[frames[-1]] += int(count)
        for frame in set(frames):
            within[frame] += int(count)
    share = cpu / max(1, total)
    return [
        Cost(function, share * times, share * alone[function])
        for function, times in within.most_common()
        if times < EVERYWHERE * total or alone[function]
    ]


def _report(name: str, ranked: list[Cost], sample: Mapping[str, float]) -> str:
    told = (
        f"{sample['count']:,.0f} done, {sample['cpu']:.0f} µs of CPU time each,"
        f" median {sample['p50']:.2f} ms."
    )
    columns = "| µs in and below | µs alone | function |\n|---|---|---|"
    head = f"# The {name} path\n\n{told}\n\n{columns}"
    by_alone = sorted(ranked, key=lambda cost: -cost.alone)[:SHOWN]
    both = [*ranked[:SHOWN], *(cost for cost in by_alone if cost not in ranked[:SHOWN])]
    lines = [f"| {cost.within:.1f} | {cost.alone:.1f} | `{cost.function}` |" for cost in both]
    return "\n".join([head, *lines, ""])
