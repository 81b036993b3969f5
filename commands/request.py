"""A command and who asks for it, and what must be known before it can be decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commands.context import CommandContext
from commands.idempotency import KeptReceipt, ReceiptKey
from commands.streams import StreamKey
from commands.tasks import Batch, Command, CreateTask, DeleteTasks, EraseLog
from events.log_events import LOG


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command and who asks for it."""

    context: CommandContext
    command: Command

    @property
    def weight(self) -> int:
        """How many commands it is."""
        return len(self.command.steps) if isinstance(self.command, Batch) else 1

    @property
    def streams(self) -> frozenset[StreamKey]:
        """The existing streams the command is about; none when it starts a new one."""
        return frozenset((self.context.user_id, task_id) for task_id in _task_ids(self.command))

    @property
    def receipt_key(self) -> ReceiptKey | None:
        """Where the command's receipt is kept, or None when its client chose no key."""
        key = self.context.idempotency_key
        return None if key is None else (self.context.user_id, key)

    @property
    def receipt_keys(self) -> frozenset[ReceiptKey]:
        """Where its receipt and those of its steps are kept."""
        steps = self.command.steps if isinstance(self.command, Batch) else ()
        keys = {self.context.idempotency_key, *(step.key for step in steps)}
        return frozenset((self.context.user_id, key) for key in keys if key is not None)

    def streams_started(self, receipts: Mapping[ReceiptKey, KeptReceipt]) -> frozenset[StreamKey]:
        """Give the streams that steps of the command have started when they came before."""
        user_id = self.context.user_id
        steps = self.command.steps if isinstance(self.command, Batch) else ()
        keys = [(user_id, step.key) for step in steps if step.starts and step.key]
        return frozenset((user_id, receipts[key].task_id) for key in keys if key in receipts)


def _task_ids(command: Command) -> Iterator[int]:
    match command:
        case CreateTask():
            return
        case EraseLog():
            yield LOG
        case DeleteTasks(task_ids=task_ids):
            yield from task_ids
        case Batch(steps=steps):
            for step in steps:
                if step.task is None:
                    yield from _task_ids(step.command)
        case _:
            yield command.task_id
