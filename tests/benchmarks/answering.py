"""The inside of a process that is measured: questions come as lines, answers go as lines."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import uvloop

type Question = dict[str, Any]
type Sample = dict[str, float]
type Answer = Callable[[Question], Awaitable[Sample]]


async def questions() -> AsyncGenerator[Question]:
    """Give what is asked until whoever asks is gone; nothing runs meanwhile but the loop."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield json.loads(line)


async def answer(work: Answer) -> None:
    """Answer every question."""
    async for question in questions():
        print(json.dumps(await work(question)), flush=True)


def run(main: Awaitable[None]) -> None:
    """Run a process that answers, on the loop that the product runs on."""

    async def whole() -> None:
        await main

    asyncio.run(whole(), loop_factory=uvloop.new_event_loop)


async def closed_loop(
    operation: Callable[[int], Awaitable[None]], *, in_flight: int, seconds: float
) -> Sample:
    """Keep so many operations under way for some seconds; each is told which client asks."""
    took: list[float] = []
    began, used = time.perf_counter(), time.process_time()

    async def client(number: int) -> None:
        while (start := time.perf_counter()) < began + seconds:
            await operation(number)
            took.append(time.perf_counter() - start)

    async with asyncio.TaskGroup() as clients:
        for number in range(in_flight):
            clients.create_task(client(number))
    return summary(took, time.perf_counter() - began, time.process_time() - used)


def summary(took: list[float], seconds: float, cpu: float) -> Sample:
    """Give what was measured: a rate, times, and what it cost.

    The rate is one a second, times are in ms, `cpu` is CPU time for each in µs, and `busy` the
    share of one core that went into all of them.
    """
    took.sort()
    return {
        "count": len(took),
        "rate": len(took) / seconds,
        "p50": 1_000 * took[len(took) // 2],
        "p99": 1_000 * took[min(len(took) - 1, len(took) * 99 // 100)],
        "cpu": 1e6 * cpu / len(took),
        "busy": cpu / seconds,
    }
