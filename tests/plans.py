"""How PostgreSQL carried a statement out: what it read, and how much of it."""

from collections.abc import Iterator
from typing import Any, LiteralString, cast

from psycopg.rows import scalar_row

from events.binding import UserReader
from events.database import Connection

_EXPLAIN: LiteralString = "explain (analyze, buffers, format json) "


async def plan(
    connection: Connection, query: LiteralString, **asked: object
) -> list[dict[str, Any]]:
    """Give every node of the plan by which a query was carried out."""
    cursor = await connection.execute(_EXPLAIN + query, asked)
    row = await cursor.fetchone()
    assert row is not None
    return _explained(row[0])


async def plan_for(
    reader: UserReader, query: LiteralString, **asked: object
) -> list[dict[str, Any]]:
    """Give every node of the plan by which a query is carried out for a user's request.

    What policies forbid a request to do first, such as looking into an index, is not done then.
    """
    [row] = await reader.rows(_EXPLAIN + query, asked, scalar_row, prepare=False)
    return _explained(row)


def _explained(explained: object) -> list[dict[str, Any]]:
    [explanation] = cast("list[dict[str, Any]]", explained)
    return list(_nodes(explanation["Plan"]))


def touched(found: list[dict[str, Any]], table: str) -> list[dict[str, Any]]:
    """Give the nodes that read a table."""
    return [node for node in found if node.get("Relation Name") == table]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)
