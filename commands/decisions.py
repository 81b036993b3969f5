"""Deciding the commands of a group, one after the other, on their draft. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from commands.batch import carry_out_steps
from commands.compensating import compensating, past_events
from commands.context import CommandContext
from commands.decider import decide
from commands.draft import Draft
from commands.erasure import decide_erasure
from commands.errors import BatchRefusedError, LogBeingErasedError, WrongVersionError
from commands.idempotency import fingerprint
from commands.receipt import Receipt
from commands.request import Request
from commands.state import DoneTask, OpenTask
from commands.streams import Stream, StreamKey
from commands.surroundings import Surrounded, surrounded
from commands.tasks import (
    Batch,
    CreateTask,
    DeleteTask,
    DeleteTasks,
    EraseLog,
    TaskCommand,
    UndoCommand,
    UndoEvent,
    UndoLatest,
)
from commands.undo import undo
from events.log_events import LOG


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the rules make of commands: each sees on the draft what those before it did.

    Attributes:
        draft: What is decided on, and what is to be recorded in the end.
        now: When.
    """

    draft: Draft
    now: datetime

    def carry_out(self, request: Request, own_versions: frozenset[int] = frozenset()) -> Receipt:
        """Decide one command, unless its key was answered before.

        Args:
            request: What is asked, and by whom.
            own_versions: Versions of the task that its caller has made and does not know yet; they
                are as good as those expected.

        Raises:
            CommandError: The command is refused; the draft is as it was.
            EventLogError: The task's stream cannot be read; the draft is as it was.
        """
        key = request.receipt_key
        if key is None:
            return self._decide(request, own_versions)
        mark = fingerprint(request.context, request.command)
        if key in self.draft.receipts:
            return self.draft.receipts[key].answer(mark)
        receipt = self._decide(request, own_versions)
        self.draft.keep(key, mark, receipt)
        return receipt

    def _decide(self, request: Request, own_versions: frozenset[int]) -> Receipt:
        if isinstance(request.command, EraseLog):
            return self._erase(request)
        if self.draft.heads[request.context.user_id].is_being_erased:
            raise LogBeingErasedError
        match request.command:
            case DeleteTasks() as command:
                with self.draft.whole():
                    return self._delete(request, command)
            case Batch() as command:
                with self.draft.whole():
                    return self._carry_out_steps(request, command)
            case command:
                return self._decide_one(request, command, own_versions)

    def _decide_one(
        self,
        request: Request,
        command: TaskCommand | UndoCommand,
        own_versions: frozenset[int],
    ) -> Receipt:
        head = self.draft.heads[request.context.user_id]
        task_id = head.last_task_id + 1 if isinstance(command, CreateTask) else command.task_id
        key = (head.user_id, task_id)
        stream = self.draft.stream(key)
        facts = list(self._facts(request, command, key, stream))
        if stream.version not in own_versions:
            _check_version(request.context, task_id, stream.version)
        self.draft.add(key, stream, facts, self.now)
        return Receipt(
            task_id=task_id,
            version=stream.version + len(facts),
            sequence=head.sequence + len(facts),
            changed=bool(facts),
            found=stream.version,
        )

    def _facts(
        self, request: Request, command: TaskCommand | UndoCommand, key: StreamKey, stream: Stream
    ) -> Iterable[Surrounded]:
        if isinstance(command, UndoEvent | UndoLatest):
            past = past_events(command, self.draft.past(key))
            return compensating(request.context, command, undo(command, past))
        return surrounded(request.context, command, decide(command, stream.state, task_id=key[1]))

    def _carry_out_steps(self, request: Request, batch: Batch) -> Receipt:
        outcomes = carry_out_steps(request.context, batch, self.carry_out)
        done = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
        if batch.atomic and len(done) < len(outcomes):
            raise BatchRefusedError(outcomes)
        return Receipt(
            task_id=0,
            version=len(done),
            sequence=self.draft.heads[request.context.user_id].sequence,
            changed=any(receipt.changed and not receipt.replayed for receipt in done),
            steps=outcomes,
        )

    def _delete(self, request: Request, command: DeleteTasks) -> Receipt:
        before = len(self.draft.entries)
        for key in sorted(request.streams):
            stream = self.draft.stream(key)
            if isinstance(stream.state, OpenTask | DoneTask):
                facts = decide(DeleteTask(task_id=key[1]), stream.state, task_id=key[1])
                self.draft.add(key, stream, surrounded(request.context, command, facts), self.now)
        deleted = len(self.draft.entries) - before
        return Receipt(
            task_id=0,
            version=command.before + deleted,
            sequence=self.draft.heads[request.context.user_id].sequence,
            changed=deleted > 0,
        )

    def _erase(self, request: Request) -> Receipt:
        head = self.draft.heads[request.context.user_id]
        key = (head.user_id, LOG)
        stream, facts = self.draft.stream(key), decide_erasure(head)
        self.draft.add(key, stream, surrounded(request.context, request.command, facts), self.now)
        return Receipt(
            task_id=LOG,
            version=stream.version + len(facts),
            sequence=head.sequence + len(facts),
            changed=bool(facts),
        )


def _check_version(context: CommandContext, task_id: int, found: int) -> None:
    expected = context.expected_versions
    if (expected is not None and found not in expected) or found in context.unwanted_versions:
        raise WrongVersionError(task_id, expected=expected or frozenset(), found=found)
