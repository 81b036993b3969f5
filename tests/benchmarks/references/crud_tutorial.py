"""The CRUD service that tutorials teach: a session a request, sync endpoints, response models.

Served as `uvicorn tests.benchmarks.references.crud_tutorial:app`; settings are named as ours.
Its pool is larger than SQLAlchemy's default, with which it deadlocks under this load.
"""

import os
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import ARRAY, Text
from sqlmodel import Column, DateTime, Field, Session, SQLModel, col, create_engine, select

POOL = 40


class TaskBase(SQLModel):
    """What a client may write."""

    title: str = Field(min_length=1, max_length=200)
    description: str = ""
    priority: str = "none"
    tags: list[str] = Field(default_factory=list, sa_column=Column(ARRAY(Text)))
    due: str | None = None
    order: float = 0


class CrudTask(TaskBase, table=True):
    """A row."""

    __tablename__ = "crud_task"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(default=None, primary_key=True)
    user_id: str
    completed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    created_at: datetime = Field(
        default_factory=lambda: datetime.now(UTC),
        sa_type=DateTime(timezone=True),
    )
    updated_at: datetime = Field(
        default_factory=lambda: datetime.now(UTC),
        sa_type=DateTime(timezone=True),
    )


class TaskPublic(TaskBase):
    """What a client reads."""

    id: int
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class TaskUpdate(SQLModel):
    """What a client may change."""

    title: str | None = Field(default=None, min_length=1, max_length=200)
    description: str | None = None
    priority: str | None = None
    tags: list[str] | None = None
    due: str | None = None
    order: float | None = None


engine = create_engine(
    os.environ.get("DATABASE_URL", "").replace("postgresql://", "postgresql+psycopg://"),
    pool_size=POOL,
)
app = FastAPI()


def get_session() -> Generator[Session]:
    """Open a session for a request."""
    with Session(engine) as session:
        yield session


def get_user(
    credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())],
) -> str:
    """Verify the token of a request."""
    try:
        claims = jwt.decode(
            credentials.credentials,
            os.environ["BETTER_AUTH_SECRET"],
            algorithms=["HS256"],
            issuer=os.environ["JWT_ISSUER"],
            audience=os.environ["JWT_AUDIENCE"],
        )
    except jwt.InvalidTokenError as error:
        raise HTTPException(status_code=401) from error
    return claims["sub"]


Database = Annotated[Session, Depends(get_session)]
User = Annotated[str, Depends(get_user)]


@app.post("/api/tasks", response_model=TaskPublic, status_code=201)
def create_task(task: TaskBase, session: Database, user: User) -> CrudTask:
    """Add a task."""
    row = CrudTask.model_validate(task, update={"user_id": user})
    session.add(row)
    session.commit()
    session.refresh(row)
    return row


@app.patch("/api/tasks/{task_id}", response_model=TaskPublic)
def update_task(task_id: int, change: TaskUpdate, session: Database, user: User) -> CrudTask:
    """Change a task."""
    row = _own(session, task_id, user)
    row.sqlmodel_update(change.model_dump(exclude_unset=True))
    row.updated_at = datetime.now(UTC)
    session.add(row)
    session.commit()
    session.refresh(row)
    return row


@app.get("/api/tasks", response_model=list[TaskPublic])
def read_tasks(session: Database, user: User, limit: int = 50) -> list[CrudTask]:
    """List tasks."""
    newest = select(CrudTask).where(CrudTask.user_id == user).order_by(col(CrudTask.id).desc())
    return list(session.exec(newest.limit(limit)).all())


@app.get("/api/tasks/{task_id}", response_model=TaskPublic)
def read_task(task_id: int, session: Database, user: User) -> CrudTask:
    """Read a task."""
    return _own(session, task_id, user)


def _own(session: Session, task_id: int, user: str) -> CrudTask:
    row = session.get(CrudTask, task_id)
    if row is None or row.user_id != user:
        raise HTTPException(status_code=404)
    return row
