"""The log's tables, as metadata for migrations and for whoever reads them with SQL."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    column,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Column, Field, SQLModel

SCHEMA = "taskfold"
"""Every table of ours lives here, so those of others in the same database are never touched."""


class Event(SQLModel, table=True):
    """The log: every change anybody made, appended once and never edited."""

    __table_args__: ClassVar = (
        UniqueConstraint("user_id", "task_id", "version", name="event_stream_key"),
        Index("event_position_idx", "position"),
        Index("event_type_idx", "type", "schema_version"),
        CheckConstraint("sequence >= 1", name="event_sequence_check"),
        CheckConstraint("version >= 1", name="event_version_check"),
        CheckConstraint("octet_length(digest) = 32", name="event_digest_check"),
        CheckConstraint("octet_length(chain) = 32", name="event_chain_check"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    position: int = Field(sa_column=Column(BigInteger, Identity(always=True), nullable=False))
    task_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    type: str = Field(sa_column=Column(Text, nullable=False))
    schema_version: int = Field(sa_column=Column(SmallInteger, nullable=False))
    data: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    metadata_: dict[str, Any] = Field(sa_column=Column("metadata", JSONB, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    chain: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class UserLog(SQLModel, table=True):
    """The head of each user's log; its row lock puts that user's writers in order."""

    # SQLModel declares the name as a method, so no plain string can please the type checker.
    __tablename__ = "user_log"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        CheckConstraint("sequence >= 0", name="user_log_sequence_check"),
        CheckConstraint("octet_length(chain) = 32", name="user_log_chain_check"),
        CheckConstraint(
            "cleared_through between 0 and erased_through and erased_through <= sequence",
            name="user_log_erasure_check",
        ),
        Index(
            "user_log_erasing_idx",
            "user_id",
            postgresql_where=column("cleared_through") < column("erased_through"),
        ),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    chain: bytes = Field(
        sa_column=Column(LargeBinary, nullable=False, server_default=r"\x" + "00" * 32)
    )
    last_task_id: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    erased_through: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    cleared_through: int = Field(sa_column=Column(BigInteger, nullable=False, server_default="0"))
    recorded_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))


class Access(SQLModel, table=True):
    """Who read a user's trail, in what role; appended once, as the log itself."""

    __table_args__: ClassVar = (
        CheckConstraint("sequence >= 1", name="access_sequence_check"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    sequence: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    actor: str = Field(sa_column=Column(Text, nullable=False))
    role: str = Field(sa_column=Column(Text, nullable=False))
    what: str = Field(sa_column=Column(Text, nullable=False))
    request_id: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class StreamTicket(SQLModel, table=True):
    """What a ticket for a live stream stands for, until it is redeemed or too old."""

    __tablename__ = "stream_ticket"  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = (
        Index("stream_ticket_expires_at_idx", "expires_at"),
        CheckConstraint("octet_length(hash) = 32", name="stream_ticket_hash_check"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    believed_until: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    expires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class Receipt(SQLModel, table=True):
    """What commands with an idempotency key were answered, until the sweep forgets them."""

    __table_args__: ClassVar = (
        Index("receipt_created_at_idx", "created_at"),
        CheckConstraint("octet_length(fingerprint) = 32", name="receipt_fingerprint_check"),
        {"schema": SCHEMA},
    )

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    task_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False))
    changed: bool = Field(sa_column=Column(Boolean, nullable=False))
    steps: list[object] | None = Field(default=None, sa_column=Column(JSONB))
    created_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
