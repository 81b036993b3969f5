"""A user's log as a test sees it: plain SQL, nothing of the product's reading code."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785
from psycopg.rows import class_row

from events.database import Connection, Pool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the log."""

    user_id: str
    sequence: int
    task_id: int
    version: int
    type: str
    schema_version: int
    data: dict[str, Any]
    metadata: dict[str, Any]
    recorded_at: datetime
    digest: bytes
    chain: bytes


async def events_of(connection: Connection, user_id: str) -> list[Row]:
    """Read a user's log."""
    cursor = connection.cursor(row_factory=class_row(Row))
    await cursor.execute(
        "select user_id, sequence, task_id, version, type, schema_version, data, metadata,"
        " recorded_at, digest, chain from taskfold.event where user_id = %s order by sequence",
        [user_id],
    )
    return await cursor.fetchall()


def chain_of(events: Sequence[Row]) -> list[bytes]:
    """Compute the chain anew, as the documents describe it."""
    chain = bytes(32)
    values: list[bytes] = []
    for event in events:
        content = rfc8785.dumps({"data": event.data, "metadata": event.metadata})
        place = {
            "recorded_at": event.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "schema_version": event.schema_version,
            "sequence": event.sequence,
            "task_id": event.task_id,
            "type": event.type,
            "user_id": event.user_id,
            "version": event.version,
        }
        digest = hashlib.sha256(content).digest()
        canonical = json.dumps(place, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        chain = hashlib.sha256(chain + digest + canonical.encode()).digest()
        values.append(chain)
    return values


_REHASH = (
    "grant update on taskfold.event to current_user",
    "alter table taskfold.event disable trigger user",
    "update taskfold.event set chain = sha256(chain) where user_id = %(user_id)s",
    "update taskfold.user_log set chain = sha256(chain) where user_id = %(user_id)s",
    "alter table taskfold.event enable trigger user",
    "revoke update on taskfold.event from current_user",
)


async def come_by_another_way(pool: Pool, user_id: str) -> None:
    """Make a log one that was restored to an earlier day, and has grown as long again since."""
    async with pool.connection() as owner, owner.transaction():
        for each in _REHASH:
            await owner.execute(each, {"user_id": user_id} if "%(" in each else None)
