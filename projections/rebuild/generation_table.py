"""Making, indexing, renaming and dropping the tables of generations."""

from typing import LiteralString, cast

from psycopg import sql
from sqlalchemy import Index, MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex
from sqlalchemy.sql.elements import quoted_name

from events.database import Connection
from events.statements import statement
from events.tables import SCHEMA
from projections.generation import Generation, other_table_name
from projections.registry import AnyProjection

_CREATE = statement("projections.rebuild", "create_generation")
_OPTIONS = statement("projections.rebuild", "table_options")
_SET_OPTIONS = statement("projections.rebuild", "set_table_options")
_ADD_PRIMARY_KEY = statement("projections.rebuild", "add_primary_key")
_GUARD = statement("projections.rebuild", "guard_generation")
_ANALYZE = statement("projections.rebuild", "analyze_generation")
_RENAME_TABLE = statement("projections.rebuild", "rename_table")
_RENAME_INDEX = statement("projections.rebuild", "rename_index")
_DROP = statement("projections.rebuild", "drop_generation")


async def create_table(
    connection: Connection, projection: AnyProjection, generation: Generation
) -> None:
    """Make an empty table like the live one, its indexes still missing, for fast filling."""
    table = sql.Identifier(SCHEMA, generation.table_name)
    live = sql.Identifier(SCHEMA, projection.name)
    await connection.execute(sql.SQL(_CREATE).format(table=table, live=live))
    cursor = await connection.execute(_OPTIONS, {"table": f"{SCHEMA}.{projection.name}"})
    options = [sql.SQL(cast("LiteralString", option)) for (option,) in await cursor.fetchall()]
    if options:
        listed = sql.SQL(", ").join(options)
        await connection.execute(sql.SQL(_SET_OPTIONS).format(table=table, options=listed))


async def build_indexes(
    connection: Connection, projection: AnyProjection, generation: Generation
) -> None:
    """Give a filled table the keys, indexes and guard of the live one, and have it analysed."""
    table = sql.Identifier(SCHEMA, generation.table_name)
    columns = sql.SQL(", ").join(map(sql.Identifier, projection.primary_key))
    name = sql.Identifier(_index_name(_primary_key(projection), generation))
    await connection.execute(
        sql.SQL(_ADD_PRIMARY_KEY).format(table=table, name=name, columns=columns)
    )
    for index in _copied_indexes(projection, generation):
        # The declaration is the project's own, so its SQL counts as literal.
        query = str(CreateIndex(index).compile(dialect=postgresql.dialect()))
        await connection.execute(cast("LiteralString", query))
    await connection.execute(sql.SQL(_ANALYZE).format(table=table))
    # Only now, since a guarded table cannot be copied into; until here nobody else has any right.
    names = {"table": generation.table_name, "live": projection.name}
    await connection.execute(_GUARD, {name: f"{SCHEMA}.{each}" for name, each in names.items()})


async def exchange_tables(
    connection: Connection, projection: AnyProjection, *, live: Generation, coming: Generation
) -> None:
    """Let one generation's table take the name of the live one, and the other's step aside."""
    for generation, steps_aside in ((live, True), (coming, False)):
        names = {projection.name: other_table_name(generation)}
        names |= {name: _index_name(name, generation) for name in _indexes(projection)}
        for plain, other in names.items():
            before, after = (plain, other) if steps_aside else (other, plain)
            query = sql.SQL(_RENAME_TABLE if plain == projection.name else _RENAME_INDEX)
            await connection.execute(
                query.format(before=sql.Identifier(SCHEMA, before), after=sql.Identifier(after))
            )


async def drop_table(connection: Connection, generation: Generation) -> None:
    """Drop a table that is not the live one."""
    table = sql.Identifier(SCHEMA, other_table_name(generation))
    await connection.execute(sql.SQL(_DROP).format(table=table))


def _primary_key(projection: AnyProjection) -> str:
    return f"{projection.name}_pkey"


def _indexes(projection: AnyProjection) -> list[str]:
    others = sorted(str(index.name) for index in projection.sql_table.indexes)
    return [_primary_key(projection), *others]


def _index_name(plain: str, generation: Generation) -> str:
    return f"{plain}_g{generation.generation}"


def _copied_indexes(projection: AnyProjection, generation: Generation) -> list[Index]:
    copy = projection.sql_table.to_metadata(MetaData(), name=generation.table_name)
    for index in copy.indexes:
        index.name = quoted_name(_index_name(str(index.name), generation), quote=None)
    return sorted(copy.indexes, key=lambda index: str(index.name))
