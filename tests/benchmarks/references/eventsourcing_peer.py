"""Appending with the PyPI package `eventsourcing` on PostgreSQL, from threads, as it is made for.

Run as `python -m tests.benchmarks.references.eventsourcing_peer URL FUNCTIONS`, FUNCTIONS being `y`
for inserting through functions in the database and `n` for its default.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import override
from uuid import NAMESPACE_URL, UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from psycopg.conninfo import conninfo_to_dict

from tests.benchmarks.answering import Question, Sample, summary

MOST_WRITERS = 64


class Task(Aggregate):
    """A task as the package's documentation writes one."""

    @event("TaskCreated")
    def __init__(self, title: str, description: str) -> None:
        self.title = title
        self.description = description
        self.completed = False

    @override
    @staticmethod
    def create_id(title: str) -> UUID:
        """Give a task an id of its own."""
        return uuid4() if title else NAMESPACE_URL

    @event("TaskCompleted")
    def complete(self) -> None:
        """Mark it done."""
        self.completed = True


def application(url: str, functions: str) -> Application[UUID]:
    """Open an application on a database."""
    found = conninfo_to_dict(url)
    environment = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": found["dbname"],
        "POSTGRES_HOST": found["host"],
        "POSTGRES_PORT": found.get("port", "5432"),
        "POSTGRES_USER": found["user"],
        "POSTGRES_PASSWORD": found.get("password", "-"),
        "POSTGRES_POOL_SIZE": "10",
        "POSTGRES_MAX_OVERFLOW": "54",
        "POSTGRES_POOL_TIMEOUT": "60",
        "POSTGRES_ENABLE_DB_FUNCTIONS": functions,
    }
    return Application(env={name: str(value) for name, value in environment.items()})


def writer(tasks: Application[UUID], until: float) -> list[float]:
    """Create a task and complete it, over and over."""
    took: list[float] = []
    task: Task | None = None
    while (start := time.perf_counter()) < until:
        if task is None:
            task = Task(title=f"Task {len(took)}", description="What is to be done.")
            tasks.save(task)
        else:
            task.complete()
            tasks.save(task)
            task = None
        took.append(time.perf_counter() - start)
    return took


def turn(tasks: Application[UUID], question: Question) -> Sample:
    """Do what is asked for."""
    began, used = time.perf_counter(), time.process_time()
    until, writers = began + question["seconds"], question["in_flight"]
    with ThreadPoolExecutor(writers) as threads:
        running = [threads.submit(writer, tasks, until) for _ in range(writers)]
    took = [each for one in running for each in one.result()]
    return summary(took, time.perf_counter() - began, time.process_time() - used)


def main(url: str, functions: str) -> None:
    """Answer questions until there are no more."""
    tasks = application(url, functions)
    for line in sys.stdin:
        print(json.dumps(turn(tasks, json.loads(line))), flush=True)
    tasks.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
