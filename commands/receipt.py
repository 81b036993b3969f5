"""What an accepted command returns, and what its idempotency key finds again."""

from dataclasses import dataclass, field

from commands.errors import CommandError


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a command was accepted and where its events are.

    Attributes:
        task_id: The task it concerned, new or old; 0 when it concerned several.
        version: That task's version after the command, or how many tasks it concerned, or how many
            steps were carried out.
        sequence: The user's head sequence after the command.
        changed: Whether anything was appended; a command that changes nothing succeeds too.
        steps: What became of each step of a batch, in order.
        replayed: Whether this is the receipt of an earlier command with the same key.
        found: That task's version before the command; None when the receipt is kept or concerns
            several, and no part of what a receipt proves.
    """

    task_id: int
    version: int
    sequence: int
    changed: bool
    steps: tuple["Receipt | CommandError", ...] = ()
    replayed: bool = False
    found: int | None = field(default=None, compare=False, repr=False)


type StepOutcome = Receipt | CommandError
"""What became of one step of a batch."""
