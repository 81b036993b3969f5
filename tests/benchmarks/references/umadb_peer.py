"""Appending to UmaDB, an event store with an engine of its own, through its Python client.

Run as `python -m tests.benchmarks.references.umadb_peer ADDRESS`.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from os import getpid

from umadb import AppendCondition, Client, Event, Query, QueryItem

from tests.benchmarks.answering import Question, Sample, summary

DATA = b'{"title": "Task 12", "description": "What is to be done.", "order": 12}'
_numbers = count(1)


def writer(client: Client, until: float) -> list[float]:
    """Append one event to a new stream on condition that it is new, then one on what was seen."""
    took: list[float] = []
    tag, seen = "", 0
    while (start := time.perf_counter()) < until:
        if not tag:
            tag = f"task-{getpid()}-{next(_numbers)}"
            seen = _append(client, "TaskCreated", tag, after=None)
        else:
            _append(client, "TaskCompleted", tag, after=seen)
            tag = ""
        took.append(time.perf_counter() - start)
    return took


def _append(client: Client, type_: str, tag: str, *, after: int | None) -> int:
    condition = AppendCondition(Query([QueryItem(types=[], tags=[tag])]), after)
    return client.append([Event(type_, DATA, [tag])], condition)


def turn(clients: list[Client], question: Question) -> Sample:
    """Do what is asked for."""
    began, used = time.perf_counter(), time.process_time()
    until, writers = began + question["seconds"], question["in_flight"]
    with ThreadPoolExecutor(writers) as threads:
        running = [threads.submit(writer, client, until) for client in clients[:writers]]
    took = [each for one in running for each in one.result()]
    return summary(took, time.perf_counter() - began, time.process_time() - used)


def main(address: str) -> None:
    """Answer questions until there are no more."""
    clients: list[Client] = []
    for line in sys.stdin:
        question = json.loads(line)
        missing = question["in_flight"] - len(clients)
        clients += [Client(address) for _ in range(missing)]
        print(json.dumps(turn(clients, question)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
