"""A projection that exists for tests alone: it notices a doubled event, and can be poisoned."""

from typing import Any, ClassVar, override

from sqlalchemy import BigInteger, Integer, MetaData, Text
from sqlmodel import Column, Field, SQLModel

from events.database import Connection
from events.envelope import LoggedEvent
from events.tables import SCHEMA
from events.tasks import TaskCreated
from projections.projection import Key, Mode, Projection, Row

NAME = "tally"


class TallyTable(SQLModel, table=True):
    """How many events of each user were applied, and which was the last."""

    __tablename__ = NAME  # pyright: ignore[reportAssignmentType]
    __table_args__: ClassVar = ({"schema": SCHEMA},)
    # Apart from the product's own, which migrations are compared with.
    metadata = MetaData()

    user_id: str = Field(sa_column=Column(Text(collation="C"), primary_key=True))
    applied: int = Field(sa_column=Column(Integer, nullable=False))
    sequence: int = Field(sa_column=Column(BigInteger, nullable=False))


class Tally(Row, frozen=True):
    applied: int = 0
    sequence: int = 0


class DoubledError(Exception):
    """An event came twice, or out of order."""


class PoisonError(Exception):
    """Quotes what the event says, as careless code would."""

    @override
    def __str__(self) -> str:
        return f"cannot make sense of {self.args[0]}"


def tally(poison: set[str] | None = None) -> Projection[Any]:
    """Make it; it cannot apply a task whose title is among the poison at that time."""

    def evolve(row: Tally | None, event: LoggedEvent, _key: Key) -> Tally:
        so_far = row or Tally(user_id=event.user_id)
        if event.sequence <= so_far.sequence:
            raise DoubledError
        match event.payload:
            case TaskCreated(title=title) if poison and title in poison:
                raise PoisonError(title)
            case _:
                return Tally(
                    user_id=event.user_id, applied=so_far.applied + 1, sequence=event.sequence
                )

    return Projection(
        name=NAME,
        version=1,
        mode=Mode.ASYNC,
        table=TallyTable,
        row=Tally,
        keys=lambda event: ((event.user_id,),),
        evolve=evolve,
    )


async def plant(connection: Connection) -> None:
    """Do what a migration and the registration would."""
    await connection.execute("""
        create table taskfold.tally (
            user_id text collate "C" primary key, applied int not null, sequence bigint not null
        )
    """)
    await connection.execute(
        "insert into taskfold.projection (name, generation, version, inline, state)"
        " values ('tally', 1, 1, false, 'live')"
    )


async def tallied(connection: Connection) -> dict[str, int]:
    """Give how many events of each user were applied."""
    cursor = await connection.execute("select user_id, applied from taskfold.tally")
    return {str(user_id): int(str(applied)) for user_id, applied in await cursor.fetchall()}
