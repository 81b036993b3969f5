"""Finding tasks as they were."""

from fastapi import Response

from api.http.as_of import find_moment
from api.http.errors import DeletedThenError, VersionNotFoundError
from api.http.reading import read
from api.http.state import AppState
from api.http.task_answers import find
from commands.errors import TaskNotFoundError
from events.binding import UserReader
from projections.queries.moment import moment_of
from projections.queries.past import get_task_then, sequence_of
from projections.task import Task


async def find_then(
    state: AppState, user_id: str, task_id: int, as_of: str | None, response: Response
) -> Task:
    """Find one of a user's tasks as it was at a moment, or as it is when none is asked for.

    Raises:
        MomentNotReachedError: The user's log does not reach the moment.
        TaskNotFoundError: The user had no such task.
        DeletedThenError: It was deleted then.
        TaskDeletedError: It is deleted.
    """
    if as_of is None:
        return await find(state, user_id, task_id)
    moment = await find_moment(state, user_id, as_of, response)
    task = await read(state["pool"], user_id, lambda reader: get_task_then(reader, task_id, moment))
    if task is None:
        raise TaskNotFoundError(task_id)
    return _listed(task)


async def find_version(state: AppState, user_id: str, task_id: int, version: int) -> Task:
    """Find one of a user's tasks as it was when it had a version.

    Raises:
        TaskNotFoundError: The user has no such task.
        VersionNotFoundError: It has not had that version.
        DeletedThenError: It was deleted at that version.
    """
    task = await _at_version(state, user_id, task_id, version)
    if task is None:
        if await _at_version(state, user_id, task_id, 1) is None:
            raise TaskNotFoundError(task_id)
        raise VersionNotFoundError(task_id, version)
    return _listed(task)


async def _at_version(state: AppState, user_id: str, task_id: int, version: int) -> Task | None:
    async def query(reader: UserReader) -> Task | None:
        sequence = await sequence_of(reader, task_id, version)
        moment = None if sequence is None else await moment_of(reader, sequence)
        return None if moment is None else await get_task_then(reader, task_id, moment)

    return await read(state["pool"], user_id, query)


def _listed(task: Task) -> Task:
    if task.deleted_at is not None:
        raise DeletedThenError(task.task_id)
    return task
