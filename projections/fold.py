"""Folding events into rows, in memory: what an append, a projector, a rebuild and a check share."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from events.envelope import LoggedEvent
from events.log_events import LogErased, Redacted
from projections.errors import CannotApplyError
from projections.projection import Key, Projection, Row

type Rows[R: Row] = dict[Key, R]

_OF_NO_ROW = frozenset({LogErased, Redacted})
"""What no projection is asked about: an erasure ends every row of its log, whatever it is of."""


def keys_of[R: Row](projection: Projection[R], events: Iterable[LoggedEvent]) -> set[Key]:
    """Give the keys of the rows that some events are about and that may be there already.

    Raises:
        CannotApplyError: An event is none that the projection handles.
    """
    keys = set[Key]()
    begun = set[Key]()
    ignored = projection.ignored | _OF_NO_ROW
    for event in events:
        if type(event.payload) in ignored:
            continue
        task = (event.user_id, event.task_id)
        if projection.is_of_tasks and event.version == 1:
            begun.add(task)
        if task in begun:
            continue
        try:
            keys.update(projection.keys(event))
        except Exception as error:
            raise CannotApplyError(projection.name, event) from error
    return keys


def fold[R: Row](
    projection: Projection[R],
    rows: Rows[R],
    events: Iterable[LoggedEvent],
) -> Rows[R]:
    """Carry rows on through events, given in the order of each log; an erasure ends those before.

    Args:
        projection: Whose rows.
        rows: The rows the events are about, by key; brought up to date here. Of a history, the
            newest of each key.
        events: What has happened.

    Returns:
        The rows to be written, by primary key.

    Raises:
        CannotApplyError: The projection cannot apply an event; its cause says why.
    """
    changed: Rows[R] = {}
    keys, evolve = projection.keys, projection.evolve
    ignored = projection.ignored | _OF_NO_ROW
    place = attrgetter(projection.primary_key[-1]) if projection.history else None
    for event in events:
        if type(event.payload) in ignored:
            if isinstance(event.payload, LogErased):
                _end(event.user_id, rows, changed)
            continue
        try:
            for key in keys(event):
                row = rows[key] = evolve(rows.get(key), event, key)
                changed[key if place is None else (*key, place(row))] = row
        except Exception as error:
            raise CannotApplyError(projection.name, event) from error
    return changed


def erased_in(events: Iterable[LoggedEvent]) -> list[str]:
    """Give the users whose logs were erased among some events."""
    return sorted({event.user_id for event in events if isinstance(event.payload, LogErased)})


def _end[R: Row](user_id: str, *kept: Rows[R]) -> None:
    for rows in kept:
        for key in [key for key in rows if key[0] == user_id]:
            del rows[key]


def by_primary_key[R: Row](projection: Projection[R], rows: Sequence[R]) -> Rows[R]:
    """Give rows by their primary key."""
    getters = [attrgetter(column) for column in projection.primary_key]
    return {tuple(get(row) for get in getters): row for row in rows}
