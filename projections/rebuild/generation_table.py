"""Making, indexing, renaming and dropping the tables of generations.

What a new table needs is read from the live one, so that it also has what an operator has added to
that: indexes, grants, policies.
"""

from dataclasses import dataclass
from typing import LiteralString, cast

from psycopg import sql
from psycopg.rows import class_row

from events.database import Connection
from events.statements import statement
from events.tables import SCHEMA
from projections.generation import Generation, other_table_name
from projections.rebuild.errors import DependentObjectsError

LONGEST_NAME = 55
"""Characters of an index's name that another generation's keeps; PostgreSQL allows 63 in all."""

_CREATE = statement("projections.rebuild", "create_generation")
_OPTIONS = statement("projections.rebuild", "table_options")
_SET_OPTIONS = statement("projections.rebuild", "set_table_options")
_GUARDS = statement("projections.rebuild", "table_guards")
_INDEXES = statement("projections.rebuild", "table_indexes")
_DEPENDENTS = statement("projections.rebuild", "table_dependents")
_ADD_INDEX = statement("projections.rebuild", "add_index")
_ADD_UNIQUE_INDEX = statement("projections.rebuild", "add_unique_index")
_ADD_PRIMARY_KEY = statement("projections.rebuild", "add_primary_key")
_ANALYZE = statement("projections.rebuild", "analyze_generation")
_RENAME_TABLE = statement("projections.rebuild", "rename_table")
_RENAME_INDEX = statement("projections.rebuild", "rename_index")
_DROP = statement("projections.rebuild", "drop_generation")


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """An index as the catalog knows it; `rest` is its definition from the method on."""

    name: str
    is_primary: bool
    is_unique: bool
    rest: str


async def check_independent(connection: Connection, name: str) -> None:
    """Make sure that nothing hangs on a live table that would stay with it when it steps aside.

    Raises:
        DependentObjectsError: Something does.
    """
    cursor = await connection.execute(_DEPENDENTS, {"table": f"{SCHEMA}.{name}"})
    if found := [str(described) for (described,) in await cursor.fetchall()]:
        raise DependentObjectsError(name, found)


async def create_table(connection: Connection, generation: Generation) -> None:
    """Make an empty table like the live one, its indexes still missing, for fast filling."""
    name, live = other_table_name(generation), f"{SCHEMA}.{generation.name}"
    table = sql.Identifier(SCHEMA, name)
    like = sql.Identifier(SCHEMA, generation.name)
    await connection.execute(sql.SQL(_CREATE).format(table=table, live=like))
    cursor = await connection.execute(_OPTIONS, {"table": live})
    if options := [_catalog_sql(option) for (option,) in await cursor.fetchall()]:
        listed = sql.SQL(", ").join(options)
        await connection.execute(sql.SQL(_SET_OPTIONS).format(table=table, options=listed))


async def build_indexes(connection: Connection, generation: Generation) -> None:
    """Give a filled table the keys and indexes of the live one, and the planner its statistics."""
    table = sql.Identifier(SCHEMA, other_table_name(generation))
    for index in await _indexes(connection, generation.name):
        name = sql.Identifier(_index_name(index.name, generation))
        query = sql.SQL(_ADD_UNIQUE_INDEX if index.is_unique else _ADD_INDEX)
        rest = _catalog_sql(index.rest)
        await connection.execute(query.format(table=table, name=name, rest=rest))
        if index.is_primary:
            await connection.execute(sql.SQL(_ADD_PRIMARY_KEY).format(table=table, name=name))
    await connection.execute(sql.SQL(_ANALYZE).format(table=table))
    await _guard(connection, generation)


async def exchange_tables(connection: Connection, *, live: Generation, coming: Generation) -> None:
    """Let one generation's table take the name of the live one, and the other's step aside."""
    for index in await _indexes(connection, live.name):
        await _rename(connection, _RENAME_INDEX, index.name, _index_name(index.name, live))
    await _rename(connection, _RENAME_TABLE, live.name, other_table_name(live))
    for index in await _indexes(connection, other_table_name(coming)):
        plain = index.name.removesuffix(_suffix(coming))
        await _rename(connection, _RENAME_INDEX, index.name, plain)
    await _rename(connection, _RENAME_TABLE, other_table_name(coming), coming.name)


async def drop_table(connection: Connection, generation: Generation) -> None:
    """Drop a table that is not the live one."""
    table = sql.Identifier(SCHEMA, other_table_name(generation))
    await connection.execute(sql.SQL(_DROP).format(table=table))


async def _guard(connection: Connection, generation: Generation) -> None:
    """Let the same people see and change the same of a table as of the live one.

    Only once it is filled, since a guarded table cannot be copied into; until then nobody else has
    any right.
    """
    names = {"table": generation.name, "target": other_table_name(generation)}
    tables = {name: f"{SCHEMA}.{table}" for name, table in names.items()}
    cursor = await connection.execute(_GUARDS, tables)
    for (guard,) in await cursor.fetchall():
        await connection.execute(_catalog_sql(guard))


async def _indexes(connection: Connection, table: str) -> list[StoredIndex]:
    cursor = connection.cursor(row_factory=class_row(StoredIndex))
    await cursor.execute(_INDEXES, {"table": f"{SCHEMA}.{table}"})
    return await cursor.fetchall()


async def _rename(connection: Connection, query: LiteralString, before: str, after: str) -> None:
    names = {"before": sql.Identifier(SCHEMA, before), "after": sql.Identifier(after)}
    await connection.execute(sql.SQL(query).format(**names))


def _index_name(plain: str, generation: Generation) -> str:
    return plain[:LONGEST_NAME] + _suffix(generation)


def _suffix(generation: Generation) -> str:
    return f"_g{generation.generation}"


def _catalog_sql(text: object) -> sql.SQL:
    # PostgreSQL has written it, so it counts as literal.
    return sql.SQL(cast("LiteralString", str(text)))
