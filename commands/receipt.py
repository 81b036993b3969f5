"""What an accepted command returns, and what its idempotency key finds again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a command was accepted and where its events are.

    Attributes:
        task_id: The task it concerned, new or old; 0 when it concerned several.
        version: That task's version after the command, or how many tasks it concerned.
        sequence: The user's head sequence after the command.
        changed: Whether anything was appended; a command that changes nothing succeeds too.
        replayed: Whether this is the receipt of an earlier command with the same key.
    """

    task_id: int
    version: int
    sequence: int
    changed: bool
    replayed: bool = False
