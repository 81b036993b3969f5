"""The requests of a load, as bytes: each of one person of many, about one of their tasks."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

HOST = b"Host: 127.0.0.1\r\nAccept: application/json\r\n"


@dataclass(slots=True)
class Requests:
    """What a load asks of one service.

    Attributes:
        tokens: Everybody's token.
        tasks_of_a_user: The tasks everybody has.
        global_ids: Whether a service counts tasks across people, as a plain table does.
        etags: What the service said of each person's list.
    """

    tokens: Sequence[str]
    tasks_of_a_user: int
    global_ids: bool
    etags: dict[int, bytes] = field(default_factory=dict[int, bytes])
    _numbers: Iterator[int] = field(default_factory=count)

    def request(self, kind: str, user: int) -> bytes:
        """Give a request of a kind."""
        match kind:
            case "post":
                return self._bytes("POST", "/api/tasks", user, self._task())
            case "patch":
                title = {"title": f"Another title {next(self._numbers)}"}
                return self._bytes("PATCH", self._any_task(user), user, json.dumps(title).encode())
            case "list":
                return self._bytes("GET", "/api/tasks", user)
            case "get":
                return self._bytes("GET", self._any_task(user), user)
            case "same list":
                return self._bytes("GET", "/api/tasks", user, etag=self.etags.get(user, b""))
            case _:
                message = f"no request is of the kind {kind!r}"
                raise ValueError(message)

    def somebody(self) -> int:
        """Choose a person."""
        return random.randrange(len(self.tokens))

    def _task(self) -> bytes:
        number = next(self._numbers)
        task = {"title": f"Task {number}", "description": "What is to be done."}
        return json.dumps(task).encode()

    def _any_task(self, user: int) -> str:
        task = random.randint(1, self.tasks_of_a_user)
        return f"/api/tasks/{user * self.tasks_of_a_user + task if self.global_ids else task}"

    def _bytes(
        self, method: str, path: str, user: int, body: bytes = b"", etag: bytes = b""
    ) -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nAuthorization: Bearer {self.tokens[user]}\r\n"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        condition = b"If-None-Match: " + etag + b"\r\n" if etag else b""
        return head.encode() + HOST + condition + b"\r\n" + body
