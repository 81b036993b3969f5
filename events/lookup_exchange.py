"""Many lookups of many users in one exchange with PostgreSQL, and in one transaction.

Each is preceded by the binding to whoever asks, so it sees their rows alone. One that fails takes
those after it along, unanswered. psycopg sends every statement of a pipeline by itself, which costs
more than the statements; what is sent here leaves together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import adapt, pq
from psycopg.abc import PQGen, Transformer
from psycopg.generators import fetch_many, send

from events.database import Connection
from events.lookup import Encoded, Lookup
from events.statements import statement

_BINARY = pq.Format.BINARY

_BIND_ALL = Lookup(statement("events", "bind_lookups"), tuple)
_BIND = Lookup(statement("events", "bind_lookup"), tuple)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one user looks up."""

    user_id: str
    lookup: Lookup[Any]
    values: Encoded


@dataclass(frozen=True, slots=True)
class Exchange:
    """A connection, and what it has prepared; in no transaction."""

    connection: Connection
    prepared: set[bytes]
    prepares: bool

    async def carry_out(self, asked: Sequence[Asked]) -> list[list[Any]]:
        """Give the rows of each lookup.

        After a failure the connection is closed, since nobody knows what is left on it.

        Raises:
            psycopg.Error: One of them failed.
        """
        try:
            return await self._carry_out(asked)
        except BaseException:
            await self.connection.close()
            raise

    async def _carry_out(self, asked: Sequence[Asked]) -> list[list[Any]]:
        if self.connection.info.encoding != "utf-8":
            message = "texts are encoded otherwise here"
            raise psycopg.NotSupportedError(message)
        pgconn = self.connection.pgconn
        pgconn.enter_pipeline_mode()
        self._send(_BIND_ALL, _BIND_ALL.encoded({}))
        for each in asked:
            self._send(_BIND, _BIND.encoded({"user_id": each.user_id}))
            self._send(each.lookup, each.values)
        pgconn.pipeline_sync()
        results = await self.connection.wait(_received(pgconn))
        pgconn.exit_pipeline_mode()
        transformer: Transformer = adapt.Transformer(self.connection)
        found = [result for result in results if result.status == pq.ExecStatus.TUPLES_OK]
        # The first has bound all of them, and every other one has bound one.
        return [
            _rows(transformer, result, each.lookup)
            for result, each in zip(found[2::2], asked, strict=True)
        ]

    def _send(self, lookup: Lookup[Any], encoded: Encoded) -> None:
        pgconn, formats = self.connection.pgconn, [_BINARY] * len(encoded.values)
        if not self.prepares:
            pgconn.send_query_params(
                lookup.numbered, encoded.values, encoded.types, formats, _BINARY
            )
            return
        if lookup.name not in self.prepared:
            pgconn.send_prepare(lookup.name, lookup.numbered, encoded.types)
            self.prepared.add(lookup.name)
        pgconn.send_query_prepared(lookup.name, encoded.values, formats, _BINARY)


def _received(pgconn: pq.abc.PGconn) -> PQGen[list[pq.abc.PGresult]]:
    yield from send(pgconn)
    received = list[pq.abc.PGresult]()
    while True:
        for result in (yield from fetch_many(pgconn)):
            if result.status == pq.ExecStatus.PIPELINE_SYNC:
                return received
            if result.status not in {pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK}:
                raise psycopg.errors.error_from_result(result)
            received.append(result)


def _rows(transformer: Transformer, result: pq.abc.PGresult, lookup: Lookup[Any]) -> list[Any]:
    make = lookup.make
    transformer.set_pgresult(result, format=_BINARY)
    return transformer.load_rows(0, result.ntuples, lambda values: make(*values))
