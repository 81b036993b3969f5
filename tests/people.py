"""People who ask for things."""

from commands.context import CommandContext
from events.ids import new_id


def asking(
    user_id: str, *, expected_version: int | None = None, key: str | None = None
) -> CommandContext:
    """Somebody asks, through a request of their own."""
    request_id = new_id()
    return CommandContext(
        user_id=user_id,
        actor=user_id,
        request_id=request_id,
        correlation_id=request_id,
        idempotency_key=key,
        expected_versions=None if expected_version is None else frozenset({expected_version}),
    )
