"""Carrying a rebuild or rollback through to its end, and telling how far it is."""

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Self, assert_never

from api.cli.errors import RebuildCancelledError
from api.cli.log_database import log_pool
from api.cli.progress import Advance, progress
from api.cli.say import say
from api.settings import Settings
from events.database import Pool
from projections.generation import Generation, Phase, State, find_generation
from projections.rebuild.rebuild import Rebuild, Step
from projections.rebuild.throttle import Throttle
from projections.rebuild.verdict import Verdict, verdict
from projections.rebuild.workers import Help, workers
from projections.registry import AnyProjection

type Begin = Callable[[Pool, AnyProjection], Awaitable[Generation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a rebuild is to be carried on.

    Attributes:
        workers: Processes, this one included.
        rate: Events a second that all of them go through together; None for as many as they can.
        accept: Whether to switch although the live table differs.
    """

    workers: int = 1
    rate: int | None = None
    accept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What has become of it.

    Attributes:
        generation: The table that is live now.
        events: How many events history had when it began.
        seconds: How long this process took part.
        verdict: How it compared, and how the table before it did; None if another process has seen
            to that.
    """

    generation: Generation
    events: int
    seconds: float
    verdict: Verdict | None


async def carry_through(
    settings: Settings, url: str, projection: AnyProjection, begin: Begin, options: Options
) -> Rebuilt:
    """Begin a rebuild or rollback, or join it, and see it through.

    Raises:
        ProjectionError: It cannot go on; the message says why, and what to do.
        RebuildCancelledError: Somebody has called it off.
    """
    began = monotonic()
    async with log_pool(settings, url) as pool:
        generation = await begin(pool, projection)
        share = options.rate / options.workers if options.rate else None
        help_ = Help(
            url=url,
            name=projection.name,
            rate=share,
            prepared_statements=settings.prepared_statements,
        )
        rebuild = Rebuild(
            pool=pool, projection=projection, accept=options.accept, throttle=Throttle(share)
        )
        found: Verdict | None = None
        with workers(options.workers - 1, help_), Telling() as telling:
            async for step in rebuild.run():
                telling.tell(step)
                if step.phase is Phase.SWITCHING:
                    # Before the switch, which forgets it together with all else of the rebuild.
                    async with pool.connection() as connection:
                        found = await verdict(connection, projection.name)
        return Rebuilt(
            generation=await _live(pool, generation),
            events=generation.events,
            seconds=monotonic() - began,
            verdict=found,
        )


async def _live(pool: Pool, generation: Generation) -> Generation:
    async with pool.connection() as connection:
        live = await find_generation(connection, generation.name, State.LIVE)
    if live is None or live.generation != generation.generation:
        raise RebuildCancelledError(generation.name)
    return live


@dataclass(slots=True)
class Telling:
    """Shows phase after phase."""

    _phase: Phase | None = None
    _events: int = 0
    _advance: Advance | None = None
    _shown: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        self._shown.close()

    def tell(self, step: Step) -> None:
        """Show a step."""
        if step.phase is not self._phase:
            self._begin(step)
        if self._advance is not None:
            self._advance(step.events - self._events)
            self._events = step.events

    def _begin(self, step: Step) -> None:
        self._shown.close()
        self._phase, self._events, self._advance = step.phase, 0, None
        match step.phase:
            case Phase.REPLAYING | Phase.VERIFYING:
                shown = progress(step.phase.capitalize(), "events", step.of)
                self._advance = self._shown.enter_context(shown)
            case Phase.INDEXING:
                say("Building the indexes.")
            case Phase.FOLLOWING:
                say("Following what has happened meanwhile.")
            case Phase.SWITCHING:
                say("Switching.")
            case None:
                pass
            case _:
                assert_never(step.phase)
