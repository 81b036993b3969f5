"""A client that never gives up on a command: it repeats it under its key until it is answered."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx2

from api.identity.issue import issue_token
from events.clock import now
from events.ids import new_id
from tests.crash.service import SECRET

PAUSE = 0.05
"""Seconds between two attempts."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a 2xx promised: this request's events exist, and took this task to this version."""

    user_id: str
    request_id: str
    task_id: int
    version: int


@dataclass(slots=True)
class Client:
    """One person, working on their tasks through whatever happens."""

    http: httpx2.AsyncClient
    user_id: str
    answered: Callable[[], None]
    acknowledged: list[Acknowledged] = field(default_factory=list[Acknowledged])
    attempts: int = 0

    async def work(self) -> None:
        """Send one command after another until cancelled."""
        while True:
            request_id = new_id()
            answer = await self._insist(request_id, *self._invented(request_id))
            if answer.is_success:
                self._note(request_id, answer)
            self.answered()

    def _invented(self, request_id: str) -> tuple[str, str, dict[str, object] | None]:
        task_id = random.randint(1, 5)
        return random.choice(
            [
                ("POST", "/api/tasks", {"title": request_id}),
                ("PATCH", f"/api/tasks/{task_id}", {"title": request_id}),
                ("PATCH", f"/api/tasks/{task_id}", {"description": request_id}),
            ]
        )

    async def _insist(
        self, request_id: str, method: str, path: str, body: dict[str, object] | None
    ) -> httpx2.Response:
        token = issue_token(
            SECRET.encode(), user_id=self.user_id, now=now(), lifetime=timedelta(hours=1)
        )
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": f'"{request_id}"',
            "X-Request-Id": request_id,
        }
        while True:
            self.attempts += 1
            try:
                answer = await self.http.request(method, path, json=body, headers=headers)
            except httpx2.TransportError:
                await asyncio.sleep(PAUSE)
                continue
            if answer.status_code < 500:
                return answer
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(PAUSE)

    def _note(self, request_id: str, answer: httpx2.Response) -> None:
        task = answer.json()
        self.acknowledged.append(
            Acknowledged(self.user_id, request_id, task["id"], task["version"])
        )
