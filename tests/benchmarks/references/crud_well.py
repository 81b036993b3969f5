"""A well-written CRUD service: async, a pool, plain prepared SQL, bytes from msgspec, no history.

Served as `uvicorn tests.benchmarks.references.crud_well:app`; settings are named as ours. It takes
and shows the fields that ours does, and checks of a token what ours checks, with each request.
"""

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

import jwt
import msgspec
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from msgspec import UNSET, Meta, Struct, UnsetType
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

POOL = 10
_FIELDS = (
    "id, title, description, completed_at is not null as completed, completed_at, priority, tags,"
    ' due, "order", created_at, updated_at'
)
_INSERT = (
    'insert into crud_task (user_id, title, description, priority, tags, due, "order")'
    f" values (%s, %s, %s, %s, %s, %s, %s) returning {_FIELDS}"
)
_UPDATE = (
    "update crud_task set {}updated_at = now() where user_id = %s and id = %s"
    f" returning {_FIELDS}"
)
_COLUMNS = {
    "title": "title = %s, ",
    "description": "description = %s, ",
    "completed": "completed_at = case when %s then coalesce(completed_at, now()) end, ",
    "priority": "priority = %s, ",
    "tags": "tags = %s, ",
    "due": "due = %s, ",
    "order": '"order" = %s, ',
}
_LIST = f"select {_FIELDS} from crud_task where user_id = %s order by id desc limit 50"
_GET = f"select {_FIELDS} from crud_task where user_id = %s and id = %s"

type Title = Annotated[str, Meta(min_length=1, max_length=200)]
type Description = Annotated[str, Meta(max_length=10_000)]
type Tags = Annotated[list[Annotated[str, Meta(min_length=1, max_length=50)]], Meta(max_length=20)]
type Priority = Literal["none", "low", "medium", "high"]

_encode = msgspec.json.Encoder().encode


class NewTask(Struct):
    """What a client sends of a new task."""

    title: Title
    description: Description = ""
    priority: Priority = "none"
    tags: Tags = []
    due: str | None = None
    order: float = 0


class Change(Struct):
    """What a client sends of a change."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    completed: bool | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    due: str | UnsetType | None = UNSET
    order: float | UnsetType = UNSET


_new_task = msgspec.json.Decoder(NewTask).decode
_change = msgspec.json.Decoder(Change).decode


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
        claims = jwt.decode(
            authorization[7:],
            os.environ["BETTER_AUTH_SECRET"],
            algorithms=["HS256"],
            issuer=os.environ["JWT_ISSUER"],
            audience=os.environ["JWT_AUDIENCE"],
        )
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


async def _body[Body](request: Request, decode: Callable[[bytes], Body]) -> Body:
    try:
        return decode(await request.body())
    except msgspec.DecodeError as error:
        raise HTTPException(422, str(error)) from error


@app.post("/api/tasks")
async def create(request: Request, user_id: User) -> Response:
    """Insert a task."""
    task = await _body(request, _new_task)
    values = msgspec.structs.astuple(task)
    return _one(await _rows(request, _INSERT, user_id, *values), 201)


@app.patch("/api/tasks/{task_id}")
async def change(request: Request, task_id: int, user_id: User) -> Response:
    """Update a task."""
    changed = msgspec.structs.asdict(await _body(request, _change))
    given = {name: value for name, value in changed.items() if value is not UNSET}
    statement = _UPDATE.format("".join(_COLUMNS[name] for name in given))
    return _one(await _rows(request, statement, *given.values(), user_id, task_id))


@app.get("/api/tasks")
async def show_list(request: Request, user_id: User) -> Response:
    """Select the newest 50."""
    return _answer(await _rows(request, _LIST, user_id))


@app.get("/api/tasks/{task_id}")
async def show(request: Request, task_id: int, user_id: User) -> Response:
    """Select a task."""
    return _one(await _rows(request, _GET, user_id, task_id))
