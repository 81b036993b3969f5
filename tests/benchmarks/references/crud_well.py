"""A well-written CRUD service: async, a pool, plain SQL, bytes from msgspec.

Served as `uvicorn tests.benchmarks.references.crud_well:app`, with DATABASE_URL and SECRET set.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import jwt
import msgspec
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

POOL = 10
_FIELDS = (
    "id, title, description, completed_at is not null as completed, completed_at, priority, tags,"
    ' due, "order", created_at, updated_at'
)
_INSERT = (
    "insert into crud_task (user_id, title, description) values (%s, %s, %s) returning " + _FIELDS
)
_UPDATE = (
    "update crud_task set title = coalesce(%s, title), description = coalesce(%s, description),"
    " updated_at = now() where user_id = %s and id = %s returning " + _FIELDS
)
_LIST = f"select {_FIELDS} from crud_task where user_id = %s order by id desc limit 50"
_GET = f"select {_FIELDS} from crud_task where user_id = %s and id = %s"

_encode = msgspec.json.Encoder().encode


class NewTask(msgspec.Struct):
    """What a client sends of a new task."""

    title: str
    description: str = ""


class Change(msgspec.Struct):
    """What a client sends of a change."""

    title: str | None = None
    description: str | None = None


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncGenerator[dict[str, Any]]:
    """Keep a pool open."""
    pool = AsyncConnectionPool(
        os.environ["DATABASE_URL"],
        kwargs={"autocommit": True, "row_factory": dict_row, "prepare_threshold": 2},
        min_size=POOL,
        max_size=POOL,
        open=False,
    )
    async with pool:
        yield {"pool": pool}


app = FastAPI(lifespan=lifespan)


async def user(authorization: Annotated[str, Header()]) -> str:
    """Verify the token of a request."""
    try:
        claims = jwt.decode(authorization[7:], os.environ["SECRET"], algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(401) from error
    return claims["sub"]


User = Annotated[str, Depends(user)]


async def _rows(request: Request, statement: str, *values: object) -> list[dict[str, Any]]:
    async with request.state.pool.connection() as connection:
        cursor = await connection.execute(statement, values)
        return await cursor.fetchall()


def _answer(value: object, status: int = 200) -> Response:
    return Response(_encode(value), status, media_type="application/json")


def _one(rows: list[dict[str, Any]], status: int = 200) -> Response:
    if not rows:
        raise HTTPException(404)
    return _answer(rows[0], status)


@app.post("/api/tasks")
async def create(request: Request, user_id: User) -> Response:
    """Insert a task."""
    task = msgspec.json.decode(await request.body(), type=NewTask)
    return _one(await _rows(request, _INSERT, user_id, task.title, task.description), 201)


@app.patch("/api/tasks/{task_id}")
async def change(request: Request, task_id: int, user_id: User) -> Response:
    """Update a task."""
    new = msgspec.json.decode(await request.body(), type=Change)
    return _one(await _rows(request, _UPDATE, new.title, new.description, user_id, task_id))


@app.get("/api/tasks")
async def show_list(request: Request, user_id: User) -> Response:
    """Select the newest 50."""
    return _answer(await _rows(request, _LIST, user_id))


@app.get("/api/tasks/{task_id}")
async def show(request: Request, task_id: int, user_id: User) -> Response:
    """Select a task."""
    return _one(await _rows(request, _GET, user_id, task_id))
