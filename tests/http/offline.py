"""A client that works offline: it changes its copy, and says what it has done when it is back."""

import random
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2

SYNC = "/api/sync"

type Fields = dict[str, Any]

EDITABLE = ("title", "description", "completed", "priority")


@dataclass(slots=True)
class Edit:
    """A change that the server has not heard of."""

    fields: Fields = field(default_factory=dict[str, Any])
    deleted: bool = False


@dataclass(slots=True)
class Offline:
    """What one device of a person knows and has done.

    Attributes:
        tasks: The tasks as the server last had them, by number.
        edits: What was done to them here since.
        drafts: Tasks made here, which have no number yet.
        conflicts: How often the server had something else than was believed.
    """

    http: httpx2.AsyncClient
    chance: random.Random
    page: int = 3
    since: str | None = None
    tasks: dict[int, Fields] = field(default_factory=dict[int, Fields])
    edits: dict[int, Edit] = field(default_factory=dict[int, Edit])
    drafts: list[Fields] = field(default_factory=list[Fields])
    conflicts: int = 0

    def work(self) -> None:
        """Do something to the copy."""
        known = [each for each in self.tasks if not self.edits.get(each, Edit()).deleted]
        if not known or self.chance.random() < 0.3:
            self.drafts.append({"title": f"made {self.chance.random()}"})
            return
        edit = self.edits.setdefault(self.chance.choice(known), Edit())
        if self.chance.random() < 0.15:
            edit.deleted = True
        else:
            edit.fields |= _invented(self.chance)

    async def meet(self) -> None:
        """Say what was done, learn what others did, and settle what does not fit."""
        await self.push()
        await self.pull()

    async def push(self) -> None:
        """Say all that was done here at once, each change only to what it was done to."""
        while self.drafts or self.edits:
            drafts, edits = self.drafts, dict(self.edits)
            made = [{"type": "create", "task": draft} for draft in drafts]
            done = [self._command(task_id, edit) for task_id, edit in edits.items()]
            answer = await self._send([*made, *done])
            self.drafts = []
            left = {task["id"]: task for task in answer["tasks"]}
            for task_id, result in zip(edits, answer["results"][len(drafts) :], strict=True):
                self._settle(task_id, result["status"], left)
            if self.edits:
                # The others' changes stand, and ours are made on top of them.
                await self.pull()

    def _command(self, task_id: int, edit: Edit) -> Fields:
        named = {"id": task_id, "expected_version": self.tasks[task_id]["version"]}
        if edit.deleted:
            return {"type": "delete", **named}
        return {"type": "change", **named, "changes": edit.fields}

    def _settle(self, task_id: int, status: int, left: dict[int, Fields]) -> None:
        if status == 412:
            self.conflicts += 1
            return
        # What somebody has deleted is not brought back by editing it.
        assert status in {200, 204, 404}
        del self.edits[task_id]
        if task_id in left:
            self.tasks[task_id] = left[task_id]

    async def _send(self, commands: list[Fields]) -> Fields:
        headers, body = {"Idempotency-Key": str(uuid4())}, {"commands": commands}
        answer = await self.http.post("/api/tasks/batch", json=body, headers=headers)
        if self.chance.random() < 0.3:
            # The answer was lost on its way.
            answer = await self.http.post("/api/tasks/batch", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def pull(self) -> None:
        """Learn what has changed."""
        more = True
        while more:
            asked = {"limit": self.page} | ({"since": self.since} if self.since else {})
            answer = await self.http.get(SYNC, params=asked)
            if answer.status_code == 410:
                self.since, self.tasks, self.edits = None, {}, {}
                continue
            page = answer.json()
            self.tasks |= {task["id"]: task for task in page["tasks"]}
            for gone in page["deleted"]:
                self.tasks.pop(gone["id"], None)
                self.edits.pop(gone["id"], None)
            self.since, more = page["next"], page["more"]


def _invented(chance: random.Random) -> Fields:
    name = chance.choice(EDITABLE)
    match name:
        case "completed":
            return {name: chance.random() < 0.5}
        case "priority":
            return {name: chance.choice(["none", "low", "medium", "high"])}
        case _:
            return {name: f"{name} {chance.random()}"}
