"""Carrying out the steps of a batch; each sees what those before it did. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from commands.context import CommandContext
from commands.errors import KeyReusedError, RefusalError, TaskNotStartedError, WrongVersionError
from commands.receipt import Receipt, StepOutcome
from commands.request import Request
from commands.tasks import Batch, CreateTask, Step, TaskCommand

REFUSALS = (RefusalError, WrongVersionError, KeyReusedError, TaskNotStartedError)
"""What becomes of a step alone; everything else becomes of the whole batch."""

type CarryOut = Callable[[Request, frozenset[int]], Receipt]
"""Carries out one command, which accepts some versions of its task beside those it expects."""


@dataclass(slots=True)
class _Lead:
    """Where the last step has left a task, and at which versions it was expected before."""

    left: int
    expected: frozenset[int]


@dataclass(slots=True)
class _Progress:
    started: dict[str, int] = field(default_factory=dict[str, int])
    leads: dict[int, _Lead] = field(default_factory=dict[int, _Lead])

    def attempt(self, step: Step, context: CommandContext, carry_out: CarryOut) -> StepOutcome:
        try:
            command = self._named(step)
            if step.key is not None and step.key == context.idempotency_key:
                # It belongs to the batch.
                raise KeyReusedError(step.key)
            asked = Request(context=step.within(context), command=command)
            receipt = carry_out(asked, self._own_versions(step, command))
        except REFUSALS as refusal:
            return refusal
        self._note(step, receipt)
        return receipt

    def _named(self, step: Step) -> TaskCommand:
        if step.task is None or isinstance(step.command, CreateTask):
            return step.command
        if step.task not in self.started:
            raise TaskNotStartedError(step.task)
        return replace(step.command, task_id=self.started[step.task])

    def _own_versions(self, step: Step, command: TaskCommand) -> frozenset[int]:
        """Give the version that the caller's own earlier steps have made of the one it expects.

        Who queues several changes of a task cannot know what each of them will make of its version.
        """
        lead = None if isinstance(command, CreateTask) else self.leads.get(command.task_id)
        if lead is None or step.expected_versions is None:
            return frozenset()
        return frozenset({lead.left} if step.expected_versions & lead.expected else ())

    def _note(self, step: Step, receipt: Receipt) -> None:
        if step.starts is not None:
            self.started[step.starts] = receipt.task_id
        lead = self.leads.get(receipt.task_id)
        if step.expected_versions is not None:
            self.leads[receipt.task_id] = _Lead(receipt.version, step.expected_versions)
        elif lead is not None and lead.left == receipt.found:
            # It went on from the caller's own version, so what it has made of it is one, too.
            lead.left = receipt.version


def carry_out_steps(
    context: CommandContext, batch: Batch, carry_out: CarryOut
) -> tuple[StepOutcome, ...]:
    """Give what becomes of each step; a refused one does not keep those after it from theirs.

    Raises:
        CommandError: Something that is no matter of one step.
        EventLogError: A task's stream cannot be read.
    """
    progress = _Progress()
    return tuple(progress.attempt(step, context, carry_out) for step in batch.steps)
