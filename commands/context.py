"""Who asks, through which request, and which versions of the task they accept."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """Everything about a command that is not the command.

    Attributes:
        user_id: Whose log the command may touch.
        actor: Who asked; the user, unless somebody acts for them.
        request_id: The request that carried the command.
        correlation_id: Shared by everything one original request caused.
        causation_id: The direct cause when it was not the request itself.
        role: The role in which they ask, unless it is as the owner of the log.
        client: The user agent the request named, when it named one and that is kept.
        address: The address the request came from, when that is kept.
        idempotency_key: The key under which the client may ask for the same answer again.
        expected_versions: The versions of the task the caller accepts as its last (0: it must not
            exist yet); an empty set accepts none, None does not check.
        unwanted_versions: The versions of the task the caller does not accept as its last.
    """

    user_id: str
    actor: str
    request_id: str
    correlation_id: str
    causation_id: str | None = None
    role: str | None = None
    client: str | None = None
    address: str | None = None
    idempotency_key: str | None = None
    expected_versions: frozenset[int] | None = None
    unwanted_versions: frozenset[int] = frozenset()
