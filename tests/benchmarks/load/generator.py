"""The load on an HTTP service: a process of its own with nothing but sockets and a parser in C.

Run as `python -m tests.benchmarks.load.generator`; every question names a port, a file with a JSON
array of tokens (and perhaps the only ones to use), the kind of request and how many connections for
how long. What it costs itself is part of every answer, as `cpu` and `busy`.
"""

import asyncio
import json
import time
from pathlib import Path
from typing import cast, override

from tests.benchmarks.answering import Question, Sample, answer, run, summary
from tests.benchmarks.load.requests import Requests
from tests.benchmarks.load.responses import Responses

WANTED = {"post": 201, "patch": 200, "list": 200, "get": 200, "same list": 304}


class UnexpectedStatusError(Exception):
    """A service has answered otherwise than it should."""

    def __init__(self, kind: str, status: int, body: bytes) -> None:
        super().__init__(f"{kind} was answered {status}: {body[:200].decode(errors='replace')}")


class Connection(asyncio.Protocol):
    """One connection, on which the next request goes out once the last one is answered."""

    def __init__(self, requests: Requests, kind: str, until: float) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.took: list[float] = []
        self._requests = requests
        self._kind = kind
        self._until = until
        self._responses = Responses(self._answered)
        self._start = 0.0
        self._user = 0

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's by inheritance.
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    @override
    def data_received(self, data: bytes) -> None:
        self._responses.feed(data)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the service has hung up"))

    def _ask(self) -> None:
        self._user = self._requests.somebody()
        request = self._requests.request(self._kind, self._user)
        self._start = time.perf_counter()
        self._transport.write(request)

    def _answered(self, status: int, etag: bytes, body: bytes) -> None:
        now = time.perf_counter()
        learning = self._kind == "same list" and status == WANTED["list"]
        if learning:
            self._requests.etags[self._user] = etag
        elif status != WANTED[self._kind]:
            self.done.set_exception(UnexpectedStatusError(self._kind, status, body))
            self._transport.close()
            return
        else:
            self.took.append(now - self._start)
        if now < self._until or not self.took:
            self._ask()
        else:
            self.done.set_result(None)
            self._transport.close()


class Generator:
    """Puts a load on services, turn by turn."""

    def __init__(self) -> None:
        self._requests: dict[tuple[int, str, int, int | None, int], Requests] = {}

    async def turn(self, question: Question) -> Sample:
        """Do what is asked for."""
        kind, seconds, port = question["kind"], question["seconds"], question["port"]
        requests = self._prepared(question)
        loop = asyncio.get_running_loop()
        began, used = time.perf_counter(), time.process_time()
        made = [
            await loop.create_connection(
                lambda: Connection(requests, kind, began + seconds), "127.0.0.1", port
            )
            for _ in range(question["connections"])
        ]
        connections = [connection for _, connection in made]
        await asyncio.gather(*(connection.done for connection in connections))
        took = [each for connection in connections for each in connection.took]
        return summary(took, time.perf_counter() - began, time.process_time() - used)

    def _prepared(self, question: Question) -> Requests:
        first, number = question.get("people", (0, None))
        tasks = question["tasks_of_a_user"]
        key = (question["port"], question["tokens"], first, number, tasks)
        if key not in self._requests:
            tokens = json.loads(Path(question["tokens"]).read_text())
            some = tokens[first : None if number is None else first + number]
            global_ids = question.get("global_ids", False)
            self._requests[key] = Requests(some, tasks, global_ids=global_ids)
        return self._requests[key]


if __name__ == "__main__":
    run(answer(Generator().turn))
