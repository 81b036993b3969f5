"""The statements that write and read one table of rows, the live one or another generation's.

They are made from the read table's declaration, so that a new projection brings none of its own.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, LiteralString, cast

import msgspec
from psycopg import AsyncCursor, sql
from psycopg.rows import args_row
from sqlalchemy import Column, Date, DateTime
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from events.database import Connection
from events.history import UserRange
from events.recordset import named, recordset
from events.statements import statement
from events.tables import SCHEMA
from projections.projection import Key, Projection, Row

type Values = Sequence[object]

_LOAD = statement("projections", "load_rows")
_STORE = statement("projections", "store_rows")
_COPY = statement("projections", "copy_rows")
_READ = statement("projections", "read_rows")
_REMOVE = statement("projections", "remove_rows")

_DIALECT = postgresql.dialect()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTable[R: Row]:
    """A table of one projection's rows."""

    projection: Projection[R]
    name: str
    load_query: bytes
    store_query: bytes
    copy_query: bytes
    read_query: bytes
    remove_query: bytes
    texts: Mapping[int, Callable[[Any], str]]

    async def load(self, connection: Connection, keys: Collection[Key]) -> AsyncCursor[R]:
        """Look for rows by key; the cursor gives them when fetched, in a pipeline not before."""
        cursor = connection.cursor(row_factory=args_row(self.projection.row))
        return await cursor.execute(self.load_query, {"keys": named(self.projection.key, keys)})

    async def store(self, connection: Connection, rows: Collection[R]) -> None:
        """Write rows, new or changed."""
        await connection.execute(self.store_query, {"rows": recordset(rows)})

    async def remove(self, connection: Connection, user_id: str) -> None:
        """Take all rows of a user out."""
        await connection.execute(self.remove_query, {"user_id": user_id})

    async def copy_in(self, connection: Connection, rows: Iterable[R]) -> None:
        """Write new rows, many of them fast."""
        async with connection.cursor() as cursor, cursor.copy(self.copy_query) as copy:
            for row in rows:
                await copy.write_row(self.values(row))

    async def read(self, connection: Connection, users: UserRange) -> list[R]:
        """Read all rows of a range of users."""
        cursor = connection.cursor(row_factory=args_row(self.projection.row))
        await cursor.execute(
            self.read_query,
            {"after": users.after, "until": users.until, "including": users.including},
        )
        return await cursor.fetchall()

    def values(self, row: R) -> Values:
        """Give a row as its columns' values, JSON and arrays as text."""
        values = list(msgspec.structs.astuple(row))
        for place, text in self.texts.items():
            values[place] = text(values[place])
        return values


@cache
def read_table[R: Row](projection: Projection[R], name: str | None = None) -> ReadTable[R]:
    """Give a projection's live table, or another of the same shape by its name."""
    table = projection.sql_table
    name = name or projection.name
    columns = [table.columns[column] for column in projection.columns]
    key = [table.columns[column] for column in projection.key]
    rest = [column for column in columns if not column.primary_key]
    parts = {
        "table": sql.Identifier(SCHEMA, name),
        "columns": _names(columns),
        "primary_key": _names(table.primary_key.columns),
    }
    return ReadTable(
        projection=projection,
        name=name,
        load_query=_query(
            _LOAD,
            **parts,
            key=_joined([_typed(column) for column in key], ", "),
            matches=_each("stored.{0} = wanted.{0}", key, " and "),
            newest_first=_each("stored.{0} desc", table.primary_key.columns, ", "),
        ),
        store_query=_query(
            _STORE,
            **parts,
            values=_joined([_stored(column) for column in columns], ", "),
            assignments=_each("{0} = excluded.{0}", rest, ", "),
        ),
        copy_query=_query(_COPY, **parts),
        read_query=_query(_READ, **parts, readable=_joined(map(_readable, columns), ", ")),
        remove_query=_query(_REMOVE, **parts),
        texts=dict.fromkeys(projection.json_columns, _json_text)
        | dict.fromkeys(projection.array_columns, _array_text),
    )


def _query(template: LiteralString, **parts: sql.Composable) -> bytes:
    # Rendered once: these are the hottest statements there are.
    return sql.SQL(template).format(**parts).as_bytes()


def _names(columns: Iterable[Column[Any]]) -> sql.Composed:
    return _each("{0}", columns, ", ")


def _typed(column: Column[Any]) -> sql.Composed:
    # A collation belongs to the column; a record has none to name.
    name = column.type.compile(_DIALECT).partition(" COLLATE")[0]
    return sql.SQL("{} {}").format(
        sql.Identifier(column.name), sql.SQL(cast("LiteralString", name))
    )


def _stored(column: Column[Any]) -> sql.Composable:
    name = sql.Identifier(column.name)
    # In a record, JSON's null is no value at all; in a column that must have one it is that.
    is_value = isinstance(column.type, JSONB) and not column.nullable
    return sql.SQL("coalesce({}, 'null')").format(name) if is_value else name


def _readable(column: Column[Any]) -> sql.Composed:
    if isinstance(column.type, DateTime):
        return _clamped(column, "'0001-01-03Z'", "'9999-12-29Z'")
    if isinstance(column.type, Date):
        return _clamped(column, "'0001-01-03'", "'9999-12-29'")
    return sql.Composed([sql.Identifier(column.name)])


def _clamped(column: Column[Any], least: LiteralString, greatest: LiteralString) -> sql.Composed:
    clamped: LiteralString = (
        f"case when {{0}} is not null then least(greatest({{0}}, {least}), {greatest}) end as {{0}}"
    )
    return sql.SQL(clamped).format(sql.Identifier(column.name))


def _json_text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _array_text(texts: Sequence[str]) -> str:
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


def _each(
    template: LiteralString, columns: Iterable[Column[Any]], separator: LiteralString
) -> sql.Composed:
    return _joined(
        [sql.SQL(template).format(sql.Identifier(column.name)) for column in columns], separator
    )


def _joined(parts: Iterable[sql.Composable], separator: LiteralString) -> sql.Composed:
    return sql.SQL(separator).join(parts)
