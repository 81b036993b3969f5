"""The conditions and the order of a list, as SQL made of typed filters and of nothing else."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, LiteralString

from psycopg import sql

from projections.queries.listing import Listing, Sort, TaskFilter
from projections.sought import sought

type Condition = LiteralString
type Part = tuple[Condition, ...]

_KEYS: Mapping[Sort, LiteralString] = {
    Sort.UPDATED: "sequence",
    Sort.DUE: "due_at",
    Sort.PRIORITY: "priority",
    Sort.TITLE: "title_key",
    Sort.ORDER: '"order"',
}
_TYPES: Mapping[Sort, LiteralString] = {
    Sort.UPDATED: "bigint",
    Sort.DUE: "timestamptz",
    Sort.PRIORITY: "smallint",
    Sort.TITLE: 'text collate "C"',
    Sort.ORDER: "double precision",
}

_OPEN, _DONE = "completed_at is null", "(completed_at is null) is false"
"""As the index of created tasks has it, which knows both."""

_FOUND: Condition = """task_id = any(array(
    select taskfold.found_tasks(%(terms)s::tsquery, %(whole)s::tsquery, %(patterns)s::text[])
))"""


def conditions(listed: TaskFilter) -> Iterator[Condition]:
    """Give what a filter demands of a row, but for its words and tags."""
    if listed.completed is not None:
        yield _DONE if listed.completed else _OPEN
    if listed.priority is not None:
        yield "priority = %(priority)s"
    if listed.due_before is not None:
        yield "due_at < %(due_before)s"
    if listed.due_after is not None:
        yield "due_at > %(due_after)s"
    if listed.overdue_at is not None:
        yield "completed_at is null and due_at < %(overdue_at)s"
    if listed.updated_since is not None:
        # The event before that instant, since an index has tasks in the order of their last ones.
        yield "sequence > %(since)s"


def found(listed: TaskFilter) -> Iterator[Condition]:
    """Give what a filter demands of the words and tags of a row.

    What they are found by stands in a table of its own, and is put together first: else a rare word
    would be looked for by walking through everything the user has.
    """
    if listed.text or listed.tags:
        yield _FOUND


def of_all(wanted: Iterable[Condition]) -> sql.Composed:
    """Give the condition that all of some conditions hold."""
    return sql.SQL(" and ").join(map(sql.SQL, ("true", *wanted)))


def parts(listing: Listing, *, apart: bool = True) -> list[Part]:
    """Give the parts a list is put together from, each of which an index has in order.

    Args:
        listing: Which tasks, and in which order.
        apart: Whether an index has them apart by whether they are done.
    """
    beyond = _beyond(listing)
    if apart and listing.sort is Sort.CREATED and listing.filter == TaskFilter():
        return [(_OPEN, *beyond), (_DONE, *beyond)]
    if listing.sort is not Sort.DUE:
        return [beyond]
    # What is due at no time comes last, from whichever end the list begins.
    undated = "due_at is null"
    if listing.after is not None and listing.after.key is None:
        return [(undated, *beyond)]
    return [("due_at is not null", *beyond), (undated,)]


def order(listing: Listing) -> sql.Composed:
    """Give the order of a list, as indexes have it."""
    direction: LiteralString = "desc" if listing.descending else "asc"
    key = _KEYS.get(listing.sort)
    keys: list[LiteralString] = [f"{key} {direction}"] if key else []
    if listing.sort is not Sort.UPDATED:
        keys.append(f"task_id {direction}")
    return sql.SQL(", ").join(map(sql.SQL, keys))


def joint_order(listing: Listing) -> sql.Composed:
    """Give the order of a list whose parts are in order already."""
    undated: LiteralString = "due_at is null, " if listing.sort is Sort.DUE else ""
    return sql.Composed([sql.SQL(undated), order(listing)])


def values(user_id: str, listing: Listing, *, since: int = 0) -> dict[str, Any]:
    """Give the values that conditions speak of.

    Args:
        user_id: Whose tasks.
        listing: Which tasks, and in which order.
        since: The last event of theirs before the instant since which tasks have changed.
    """
    listed, after = listing.filter, listing.after
    asked = sought(user_id, listed.text, listed.tags)
    return {
        "user_id": user_id,
        "priority": listed.priority,
        "due_before": listed.due_before,
        "due_after": listed.due_after,
        "overdue_at": listed.overdue_at,
        "since": since,
        "tags": list(listed.tags),
        "terms": asked.terms,
        "whole": asked.whole,
        "patterns": list(asked.patterns),
        "key": after and after.key,
        "task_id": after and after.task_id,
    }


def _beyond(listing: Listing) -> Part:
    if listing.after is None:
        return ()
    comparison: LiteralString = "<" if listing.descending else ">"
    if listing.after.key is None:
        return (f"task_id {comparison} %(task_id)s",)
    key, type_ = _KEYS[listing.sort], _TYPES[listing.sort]
    if listing.sort is Sort.UPDATED:
        return (f"{key} {comparison} %(key)s::{type_}",)
    return (f"({key}, task_id) {comparison} (%(key)s::{type_}, %(task_id)s)",)
