"""What is known of projections besides their rows: how far they are, and how a rebuild goes.

These tables hold nothing of users' and belong whole to every part of a divided database.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

from events.tables import SCHEMA


class GenerationTable(SQLModel, table=True):
    """Every table of rows a projection has: the live one, one being built, the one before.

    A row `gone` keeps the highest number that was given to a table, so that none is given twice.
    """

    __tablename__ = "projection"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        # One of each at most: whoever tries to begin a second rebuild joins the first.
        Index("projection_state_key", "name", "state", unique=True),
        CheckConstraint(
            "state in ('live', 'building', 'previous', 'gone')", name="projection_state_check"
        ),
        CheckConstraint("generation >= 1", name="projection_generation_check"),
        CheckConstraint("version >= 0", name="projection_version_check"),
        {"schema": SCHEMA},
    )

    name: str = Field(sa_column=Column(Text, primary_key=True))
    generation: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    inline: bool = Field(sa_column=Column(Boolean, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    position: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    owner: str | None = Field(sa_column=Column(Text))
    owned_until: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    paused_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    failed_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    failed_user_id: str | None = Field(sa_column=Column(Text(collation="C")))
    failed_sequence: int | None = Field(sa_column=Column(BigInteger))
    failure: str | None = Field(sa_column=Column(Text))
    phase: str | None = Field(sa_column=Column(Text))
    phase_began_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    resumed_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    resumed_events: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    events: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    created_at: datetime = Field(
        sa_column=Column(DateTime(timezone=True), nullable=False, server_default="now()")
    )


class ShardTable(SQLModel, table=True):
    """The parts of a rebuild's work: ranges of users, taken by whoever is free."""

    __tablename__ = "projection_shard"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = ({"schema": SCHEMA},)

    name: str = Field(sa_column=Column(Text, primary_key=True))
    shard: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    after_user: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    until_user: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    done_user: str = Field(sa_column=Column(Text(collation="C"), nullable=False))
    done: bool = Field(sa_column=Column(Boolean, nullable=False, server_default="false"))
    events: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    rows: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    verdict: list[Any] = Field(sa_column=Column(JSONB, nullable=False, server_default="[]"))


class SkipTable(SQLModel, table=True):
    """The events a projection was told to pass over, and when: nothing is skipped unseen."""

    __tablename__ = "projection_skip"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = ({"schema": SCHEMA},)

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    name: str = Field(sa_column=Column(Text, primary_key=True))
    type: str = Field(sa_column=Column(Text, nullable=False))
    failure: str = Field(sa_column=Column(Text, nullable=False))
    skipped_at: datetime = Field(
        sa_column=Column(DateTime(timezone=True), nullable=False, server_default="now()")
    )


class SigningKeyTable(SQLModel, table=True):
    """The key that lists sign their cursors with, the same for every process."""

    __tablename__ = "signing_key"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        CheckConstraint("octet_length(key) = 32", name="signing_key_key_check"),
        {"schema": SCHEMA},
    )

    purpose: str = Field(sa_column=Column(Text, primary_key=True))
    key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
