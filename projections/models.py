"""The read tables, private to this folder and to migrations."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Double, Integer, Text
from sqlmodel import Column, Field, SQLModel

from events.tables import SCHEMA


class Task(SQLModel, table=True):
    """Every user's tasks as they are now; deleted ones stay, marked, so they can be restored."""

    __table_args__: ClassVar = (
        CheckConstraint("task_id >= 1", name="task_task_id_check"),
        CheckConstraint("version >= 1", name="task_version_check"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    task_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    description: str = Field(sa_column=Column(Text, nullable=False))
    order: float = Field(sa_column=Column("order", Double, nullable=False))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    updated_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    completed_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    deleted_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
