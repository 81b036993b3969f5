"""Noting whether an answer has begun, after which another can no longer be given."""

from dataclasses import dataclass

from starlette.types import Message, Send


@dataclass(slots=True)
class Answering:
    """Passes on what an application sends.

    Attributes:
        to: Where that goes.
        has_begun: Whether the head of an answer is on its way.
    """

    to: Send
    has_begun: bool = False

    async def send(self, message: Message) -> None:
        """Pass a message on."""
        self.has_begun = self.has_begun or message["type"] == "http.response.start"
        await self.to(message)
