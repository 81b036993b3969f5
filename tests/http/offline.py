"""A client that works offline: it changes its copy, and says what it has done when it is back."""

import random
from dataclasses import dataclass, field
from typing import Any

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
    page: int = 3
    since: str | None = None
    tasks: dict[int, Fields] = field(default_factory=dict[int, Fields])
    edits: dict[int, Edit] = field(default_factory=dict[int, Edit])
    drafts: list[Fields] = field(default_factory=list[Fields])
    conflicts: int = 0

    def work(self, chance: random.Random) -> None:
        """Do something to the copy."""
        known = [each for each in self.tasks if not self.edits.get(each, Edit()).deleted]
        if not known or chance.random() < 0.3:
            self.drafts.append({"title": f"made {chance.random()}"})
            return
        edit = self.edits.setdefault(chance.choice(known), Edit())
        if chance.random() < 0.15:
            edit.deleted = True
        else:
            edit.fields |= _invented(chance)

    async def meet(self) -> None:
        """Say what was done, learn what others did, and settle what does not fit."""
        await self.push()
        await self.pull()

    async def push(self) -> None:
        """Say what was done here, each change only to what it was done to."""
        while self.drafts:
            created = await self.http.post("/api/tasks", json=self.drafts[0])
            assert created.status_code == 201
            self.drafts.pop(0)
        for task_id in list(self.edits):
            while task_id in self.edits:
                await self._push(task_id, self.edits[task_id])

    async def _push(self, task_id: int, edit: Edit) -> None:
        condition = {"If-Match": f'"{self.tasks[task_id]["version"]}"'}
        path = f"/api/tasks/{task_id}"
        answer = (
            await self.http.delete(path, headers=condition)
            if edit.deleted
            else await self.http.patch(path, json=edit.fields, headers=condition)
        )
        if answer.status_code == 412:
            # The other's change stands, and ours is made on top of it.
            self.conflicts += 1
            await self.pull()
            return
        # What somebody has deleted is not brought back by editing it.
        assert answer.is_success or answer.status_code == 404, answer.text
        self.edits.pop(task_id, None)
        if answer.status_code == 200:
            self.tasks[task_id] = answer.json()

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
