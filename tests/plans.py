"""How PostgreSQL carried a statement out: what it read, and how much of it."""

from collections.abc import Iterator
from typing import Any, LiteralString, cast

from events.database import Connection


async def plan(
    connection: Connection, query: LiteralString, **asked: object
) -> list[dict[str, Any]]:
    """Give every node of the plan by which a query was carried out."""
    explained: LiteralString = f"explain (analyze, buffers, format json) {query}"
    cursor = await connection.execute(explained, asked)
    row = await cursor.fetchone()
    assert row is not None
    [explanation] = cast("list[dict[str, Any]]", row[0])
    return list(_nodes(explanation["Plan"]))


def touched(found: list[dict[str, Any]], table: str) -> list[dict[str, Any]]:
    """Give the nodes that read a table."""
    return [node for node in found if node.get("Relation Name") == table]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
