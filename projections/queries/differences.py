"""What is different between two moments of a user's past: tasks added, changed and removed."""

from dataclasses import dataclass

from psycopg.rows import scalar_row

from events.binding import UserReader
from events.statements import statement
from projections.queries.moment import Moment
from projections.queries.past import get_tasks_then
from projections.task import Task
from projections.task_change import UNSET

LOOKED_AT = 5_000
"""The most tasks that are looked at for a page."""

_CHANGED = statement("projections.queries", "changed_between")
_LAST_TASK = statement("projections.queries", "last_task")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A task at both of two moments; None where it was not listed."""

    task_id: int
    before: Task | None
    after: Task | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencePage:
    """Some differences, in the order of the tasks' numbers.

    Attributes:
        differences: What was found; perhaps nothing, even if there is more.
        seen: The task after which the next page goes on; None when there is none.
    """

    differences: list[Difference]
    seen: int | None


async def read_differences(
    reader: UserReader, before: Moment, after: Moment, *, limit: int, seen: int = 0
) -> DifferencePage:
    """Read a page of what is different at one moment from what was at another, in either order.

    The numbers of tasks have no gaps, so a page is sought in a range of them.

    Args:
        reader: Reads the rows of whoever asks.
        before: The moment to compare with.
        after: The moment that is compared.
        limit: The most tasks to compare.
        seen: The task that the page before this one has ended with.
    """
    end = next(iter(await reader.rows(_LAST_TASK, {}, scalar_row)), 0)
    looked = range(seen + 1, min(seen + LOOKED_AT, end) + 1)
    task_ids = await _changed(reader, before, after, looked, limit) if looked else []
    last = task_ids[-1] if len(task_ids) == limit else max(seen, looked.stop - 1)
    then = await get_tasks_then(reader, task_ids, before)
    now = await get_tasks_then(reader, task_ids, after)
    found = [
        Difference(task_id=each, before=_listed(then.get(each)), after=_listed(now.get(each)))
        for each in task_ids
    ]
    return DifferencePage(
        differences=[each for each in found if each.before or each.after],
        seen=last if last < end else None,
    )


async def _changed(
    reader: UserReader, before: Moment, after: Moment, looked: range, limit: int
) -> list[int]:
    first, second = sorted((before, after), key=lambda moment: moment.sequence)
    asked = {
        "first": looked[0],
        "last": looked[-1],
        "fields": list(UNSET),
        "after": first.sequence,
        "until": second.sequence,
        "limit": limit,
    }
    return await reader.rows(_CHANGED, asked, scalar_row, prepare=False)


def _listed(task: Task | None) -> Task | None:
    return None if task is None or task.deleted_at is not None else task
