"""A second, naive idea of what a user's tasks are, to hold the real thing against."""

from dataclasses import dataclass, field

from commands.tasks import (
    CompleteTask,
    CreateTask,
    DeleteTask,
    EditTask,
    ReopenTask,
    ReplaceTask,
    RestoreTask,
    TaskCommand,
    ToggleTask,
)


@dataclass(slots=True)
class ModelTask:
    """A task as a to-do list in memory would keep it."""

    title: str
    description: str
    order: float
    priority: str
    tags: tuple[str, ...]
    due: str
    done: bool = False
    deleted: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model answers: where things stand, or the name of a refusal."""

    task_id: int = 0
    version: int = 0
    sequence: int = 0
    refusal: str = ""


@dataclass(slots=True)
class Model:
    """One user's tasks, and what was answered under which key."""

    tasks: dict[int, ModelTask] = field(default_factory=dict[int, ModelTask])
    events: int = 0
    answers: dict[str, tuple[object, Answer]] = field(
        default_factory=dict[str, tuple[object, Answer]]
    )

    def ask(self, command: TaskCommand, key: str | None, expected: int | None) -> Answer:
        """Carry a command out, or answer as before."""
        if key is None:
            return self._carry_out(command, expected)
        if key in self.answers:
            asked, answer = self.answers[key]
            same = asked == (command, expected)
            return answer if same else Answer(refusal="KeyReusedError")
        answer = self._carry_out(command, expected)
        if not answer.refusal:
            self.answers[key] = ((command, expected), answer)
        return answer

    def _carry_out(self, command: TaskCommand, expected: int | None) -> Answer:
        if isinstance(command, CreateTask):
            return self._create(command, expected)
        task = self.tasks.get(command.task_id)
        if task is None:
            return Answer(refusal="TaskNotFoundError")
        if task.deleted and not isinstance(command, RestoreTask):
            return Answer(refusal="TaskDeletedError")
        if expected is not None and expected != task.version:
            return Answer(refusal="WrongVersionError")
        wanted = _wanted(command, task)
        changes = {name: value for name, value in wanted.items() if value != getattr(task, name)}
        for name, value in changes.items():
            setattr(task, name, value)
        task.version += len(changes)
        self.events += len(changes)
        return Answer(command.task_id, task.version, self.events)

    def _create(self, command: CreateTask, expected: int | None) -> Answer:
        if expected not in (None, 0):
            return Answer(refusal="WrongVersionError")
        task_id = len(self.tasks) + 1
        order = float(task_id) if command.order is None else command.order
        count = 2 if command.completed else 1
        self.tasks[task_id] = ModelTask(
            command.title,
            command.description,
            order,
            command.priority,
            command.tags,
            command.due,
            done=command.completed,
            version=count,
        )
        self.events += count
        return Answer(task_id, count, self.events)


def _wanted(command: TaskCommand, now: ModelTask) -> dict[str, object]:  # noqa: C901, PLR0911 - a case each
    match command:
        case EditTask():
            fields = {
                "title": command.title,
                "description": command.description,
                "order": command.order,
                "priority": command.priority,
                "tags": command.tags,
                "due": command.due,
                "done": command.completed,
            }
            return {name: value for name, value in fields.items() if value is not None}
        case ReplaceTask():
            return {
                "title": command.title,
                "description": command.description,
                "order": float(command.task_id) if command.order is None else command.order,
                "priority": command.priority,
                "tags": command.tags,
                "due": command.due,
                "done": command.completed,
            }
        case CompleteTask():
            return {"done": True}
        case ReopenTask():
            return {"done": False}
        case ToggleTask():
            return {"done": not now.done}
        case DeleteTask():
            return {"deleted": True}
        case RestoreTask():
            return {"deleted": False}
        case CreateTask():
            return {}
