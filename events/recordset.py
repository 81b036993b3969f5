"""Many rows as one parameter of a statement: JSON, which PostgreSQL takes apart again.

An array for each column would cost the client library twelve times as much, since it looks at every
value. Bytes travel as base64, instants as RFC 3339, JSON as itself.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

type Record = msgspec.Struct | Mapping[str, object]
"""A row whose values are known by the names of columns."""


def recordset(rows: Iterable[Record]) -> str:
    """Write rows for `jsonb_to_recordset` or `jsonb_populate_recordset`."""
    return msgspec.json.encode(list(rows)).decode()


def named(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows, given by their values alone, under the names of their columns."""
    return recordset(dict(zip(names, row, strict=True)) for row in rows)
