"""Carrying out commands, and showing the task they leave."""

import psycopg
from fastapi import Response

from api.http.etag import etag
from api.http.freshness import SEQUENCE
from api.http.looking_up import look_up
from api.http.reading import read
from api.http.shown_task import ShownTask, shown_task
from api.http.state import AppState
from commands.context import CommandContext
from commands.errors import OutcomeUnknownError, TaskDeletedError, TaskNotFoundError
from commands.receipt import Receipt
from commands.tasks import TaskCommand, UndoCommand
from projections.errors import NotFilledError
from projections.queries.tasks import TASK_BY_ID
from projections.queries.versions import get_task_version
from projections.task import Task

REPLAYED = "Idempotency-Replayed"


async def find(state: AppState, user_id: str, task_id: int) -> Task:
    """Find one of a user's tasks.

    Raises:
        TaskNotFoundError: The user has no such task.
        TaskDeletedError: It is deleted.
    """
    task = await _read(state, user_id, task_id)
    if task.deleted_at is not None:
        raise TaskDeletedError(task_id)
    return task


async def carry_out(
    state: AppState,
    context: CommandContext,
    command: TaskCommand | UndoCommand,
    response: Response,
) -> Receipt:
    """Have a command carried out; the answer says where the log stands then, and if it was before.

    Raises:
        CommandError: It was not.
    """
    receipt = await state["handler"].handle(context, command)
    note(receipt, response)
    return receipt


def note(receipt: Receipt, response: Response) -> None:
    """Say in an answer where the log stands after a command, and if that was before."""
    response.headers[SEQUENCE] = str(receipt.sequence)
    if receipt.replayed:
        response.headers[REPLAYED] = "true"


async def change(
    state: AppState,
    context: CommandContext,
    command: TaskCommand | UndoCommand,
    response: Response,
) -> Task:
    """Have a command carried out and give the task as the command left it.

    Others may have changed the task since, or the receipt may be an old one: then the answer is
    read from the past, so that the same key gets the same answer for as long as it is kept.

    Raises:
        CommandError: It was not, or nobody can tell.
    """
    receipt = await carry_out(state, context, command, response)
    try:
        task = await _at_version(state, context.user_id, receipt)
    except (psycopg.OperationalError, NotFilledError) as error:
        raise OutcomeUnknownError from error
    if task is None:
        raise TaskNotFoundError(receipt.task_id)
    return task


def show(task: Task, base_url: str, response: Response) -> ShownTask:
    """Show a task with its entity tag."""
    response.headers["ETag"] = etag(task.version)
    return shown_task(task, base_url)


def show_unless_deleted(task: Task, base_url: str, response: Response) -> ShownTask | Response:
    """Show a task with its entity tag; of one that is deleted now, the tag alone."""
    shown = show(task, base_url, response)
    if task.deleted_at is None:
        return shown
    return Response(status_code=204, headers=dict(response.headers))


async def _read(state: AppState, user_id: str, task_id: int) -> Task:
    found = await look_up(state, user_id, TASK_BY_ID, task_id=task_id)
    if not found:
        raise TaskNotFoundError(task_id)
    return found[0]


async def _at_version(state: AppState, user_id: str, receipt: Receipt) -> Task | None:
    """Find a task as a command left it, in the read table unless it has moved on since."""
    found = await look_up(state, user_id, TASK_BY_ID, task_id=receipt.task_id)
    if found and found[0].version == receipt.version:
        return found[0]
    return await read(
        state["pool"],
        user_id,
        lambda reader: get_task_version(reader, receipt.task_id, receipt.version),
    )
