"""What goes over a stream, as Server-Sent Events; the framing itself is FastAPI's."""

import json
import random
from collections.abc import Iterable
from enum import StrEnum

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from api.http.event_view import view
from api.http.log_place import write_place
from projections.queries.trail import TrailEntry

HEARTBEAT = KEEPALIVE_COMMENT
"""What clients ignore, and proxies take for a sign of life."""

RETRY, SPREAD = 1_000, 2_000
"""Milliseconds a client waits before it comes back: at least, and at random beyond, so that a
thousand of them do not come back at the same moment."""


class End(StrEnum):
    """Why a stream ends; whoever reads it is expected to come back."""

    STOPPING = "stopping"
    """The server is about to stop; another one, or its successor, goes on."""
    EXPIRED = "expired"
    """The token has ended; a new one is needed first."""
    LIFETIME = "lifetime"
    """The stream has lived as long as a stream may."""
    UNAVAILABLE = "unavailable"
    """The database does not answer."""


def started(sequence: int, chain: bytes) -> bytes:
    """Say where a stream begins: it gives what comes after that place."""
    return _placed("start", sequence, chain)


def reset(sequence: int, chain: bytes) -> bytes:
    """Say that the place asked for is not in the log; the stream goes on after another."""
    return _placed("reset", sequence, chain)


def happened(events: Iterable[TrailEntry]) -> bytes:
    """Tell events, each under its place as the id to come back with."""
    return b"".join(
        format_sse_event(
            event=event.type,
            id=write_place(event.sequence, event.chain),
            data_str=view(event).model_dump_json(exclude_unset=True),
        )
        for event in events
    )


def ended(reason: End) -> bytes:
    """Say why the stream ends."""
    return format_sse_event(event="end", data_str=json.dumps({"reason": reason}))


def _placed(name: str, sequence: int, chain: bytes) -> bytes:
    # Clients that lose the connection before anything happens must know where to go on, too.
    return format_sse_event(
        event=name,
        id=write_place(sequence, chain),
        data_str=json.dumps({"sequence": sequence}),
        retry=RETRY + random.randrange(SPREAD),  # noqa: S311 - nothing is to be guessed
    )
