"""What surrounds the facts that a command leads to: who asked, and that they belong together."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from commands.context import CommandContext
from commands.tasks import Command
from events.envelope import Metadata
from events.log_events import Fact

type Surrounded = tuple[Fact, Metadata]
"""A fact, and what surrounds it."""


def surrounded(
    context: CommandContext, command: Command, payloads: Iterable[Fact]
) -> Iterator[Surrounded]:
    """Surround the facts of one stream; those after the first say that they belong to it."""
    metadata = _metadata(context, command)
    for place, payload in enumerate(payloads):
        yield payload, replace(metadata, continues=True) if place else metadata


def _metadata(context: CommandContext, command: Command) -> Metadata:
    return Metadata(
        actor=context.actor,
        command=type(command).__name__,
        request_id=context.request_id,
        correlation_id=context.correlation_id,
        causation_id=context.causation_id,
        client=context.client,
        address=context.address,
        role=context.role,
    )
