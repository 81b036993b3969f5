"""A rebuild, or a rollback, phase by phase; any number of processes may carry one on together.

What phase a generation is in stands in the database, and every step commits what it did together
with how far it is. So a rebuild that was killed goes on where it was, whoever goes on with it.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from functools import partial
from typing import assert_never

import msgspec

from events.database import Connection, Pool
from events.errors import UnreadableEventError
from events.history import UserRange
from projections.errors import CannotApplyError
from projections.generation import Generation, Phase, find_generations
from projections.rebuild.catch_up import BATCH, catch_up
from projections.rebuild.generation_table import build_indexes
from projections.rebuild.generations import coming, lock_phase
from projections.rebuild.phases import go_on, let_pass, note_failure, note_resumed, set_phase
from projections.rebuild.replay import replay
from projections.rebuild.shards import Done, Work, totals, work_on_a_shard
from projections.rebuild.switch import switch
from projections.rebuild.throttle import Throttle
from projections.registry import AnyProjection
from projections.verification.verification import verify

PAUSE = 0.1
"""Seconds between two looks at what others are still doing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a rebuild is.

    Attributes:
        phase: What is being done.
        events: How many events that has gone through so far; phases that count none say 0.
        of: How many there are in all, as far as was known at the start.
    """

    phase: Phase | None
    events: int
    of: int


@dataclass(slots=True, kw_only=True)
class Rebuild:
    """Carries the coming generation of a projection on until it is the live one.

    Attributes:
        pool: Where; two connections are in use at once.
        projection: Of what.
        accept: Whether to switch although the live table differs from what history gives.
        throttle: How fast.
    """

    pool: Pool
    projection: AnyProjection
    accept: bool = False
    throttle: Throttle = field(default_factory=Throttle)

    async def run(self) -> AsyncGenerator[Step]:
        """Do whatever is to be done next until nothing is; tells now and then how far it is.

        It ends when the generation is live, or when it was called off.

        Raises:
            CannotApplyError: The projection cannot apply an event; which one is noted.
            UnreadableEventError: This version of the code cannot read one; the same.
            BuildDiffersError: The new table is not what history gives.
            LiveDiffersError: The live table is not, and nobody has accepted that.
            SwitchTimeoutError: The live table was in use by something long all the time.
        """
        await self._resume()
        while generation := await self.coming():
            try:
                async for step in self._carry_on(generation):
                    yield step
            except (CannotApplyError, UnreadableEventError) as error:
                await note_failure(self.pool, generation, error)
                raise

    async def help(self) -> None:
        """Take parts of the work until there is nothing to be rebuilt any more."""
        while generation := await self.coming():
            if generation.phase in {Phase.REPLAYING, Phase.VERIFYING}:
                async for _ in self._work_through(generation):
                    pass
            await asyncio.sleep(PAUSE)

    async def coming(self) -> Generation | None:
        """Find the generation that is on its way to be the live one."""
        async with self.pool.connection() as connection:
            found = await find_generations(connection, self.projection.name)
        return coming({generation.state: generation for generation in found})

    async def _resume(self) -> None:
        """Go on where others were; a verdict that nobody has accepted is given up first.

        The reason for it may be mended by now.
        """
        generation = await self.coming()
        if generation is None:
            return
        await note_resumed(self.pool, generation)
        refused = generation.phase is Phase.VERIFYING and not await self._left(generation)
        if refused and not self.accept:
            await go_on(self.pool, generation, Phase.FOLLOWING)

    async def _carry_on(self, generation: Generation) -> AsyncGenerator[Step]:
        """Do what the phase of a generation asks for, and go on to the next."""
        yield await self._step(generation)
        match generation.phase:
            case Phase.REPLAYING | Phase.VERIFYING:
                async for step in self._work_through(generation):
                    yield step
                await self._end(generation)
            case Phase.INDEXING:
                await self._index(generation)
            case Phase.FOLLOWING:
                while await catch_up(self.pool, self.projection, generation) == BATCH:
                    yield await self._step(generation)
                await go_on(self.pool, generation, Phase.VERIFYING)
            case Phase.SWITCHING:
                await switch(self.pool, self.projection, generation)
            case None:
                return
            case _:
                assert_never(generation.phase)

    async def _work_through(self, generation: Generation) -> AsyncGenerator[Step]:
        """Take part after part until every one is done, by whomever."""
        work = self._work(generation)
        while await self._left(generation):
            done = await work_on_a_shard(self.pool, generation, work)
            if done is None:
                await asyncio.sleep(PAUSE)
            else:
                await self.throttle.spend(done.events)
            yield await self._step(generation)

    def _work(self, generation: Generation) -> Work:
        if generation.phase is Phase.REPLAYING:
            return partial(_replay, self.projection, generation)
        return partial(_verify, self.pool, self.projection, generation)

    async def _end(self, generation: Generation) -> None:
        if generation.phase is Phase.REPLAYING:
            await go_on(self.pool, generation, Phase.INDEXING)
        else:
            await let_pass(self.pool, generation, accept=self.accept)

    async def _index(self, generation: Generation) -> None:
        async with self.pool.connection() as connection, connection.transaction():
            if await lock_phase(connection, generation):
                await build_indexes(connection, generation)
                await set_phase(connection, generation, Phase.FOLLOWING)

    async def _left(self, generation: Generation) -> int:
        """Count the parts that are not done; none of a rebuild that was called off."""
        async with self.pool.connection() as connection:
            return (await totals(connection, generation.name)).left

    async def _step(self, generation: Generation) -> Step:
        async with self.pool.connection() as connection:
            done = await totals(connection, generation.name)
        counts = generation.phase in {Phase.REPLAYING, Phase.VERIFYING}
        return Step(
            phase=generation.phase, events=done.events if counts else 0, of=generation.events
        )


async def _replay(
    projection: AnyProjection, generation: Generation, connection: Connection, users: UserRange
) -> Done:
    return await replay(connection, projection, generation, users)


async def _verify(
    pool: Pool,
    projection: AnyProjection,
    generation: Generation,
    _connection: Connection,
    users: UserRange,
) -> Done:
    # On a connection of its own: what it reads is of one instant, where nothing can be noted.
    found = await verify(pool, projection, users, other=generation.state)
    return Done(events=found.events, rows=found.live.found.rows, verdict=msgspec.json.encode(found))
