"""Whether this process can serve: its database answers and has the schema this code knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic

import anyio
import psycopg
from anyio import to_thread

from api.http.errors import NotReadyError
from events.database import Pool
from events.errors import DatabaseUnreachableError
from migrations.upgrade import pending
from projections.errors import SupersededError
from projections.inline import check_inline
from projections.status.health import ProjectionHealth, find_health

FRESH = 1.0
"""Seconds an answer is given again, so that probes cannot load the database."""

PATIENCE = 3.0
"""Seconds the database has to answer; orchestrators' probes wait hardly longer."""

_AWAY = "The database cannot be reached."
_BEHIND = "The database has another schema than this version needs; run `taskfold migrate`."


@dataclass(slots=True)
class Readiness:
    """Looks at the database at most once in a while, however often it is asked."""

    pool: Pool
    url: str = field(repr=False)
    _projections: Sequence[ProjectionHealth] = ()
    _obstacle: str | None = None
    _looked_at: float = float("-inf")
    _at_head: bool = False
    _looking: anyio.Lock = field(default_factory=anyio.Lock)

    async def check(self) -> Sequence[ProjectionHealth]:
        """Say how the projections are, if requests can be served.

        Raises:
            NotReadyError: They cannot; the message says why.
        """
        async with self._looking:
            if monotonic() > self._looked_at + FRESH:
                self._obstacle = await self._look()
                self._looked_at = monotonic()
        if self._obstacle is not None:
            raise NotReadyError(self._obstacle)
        return self._projections

    async def _look(self) -> str | None:
        try:
            with anyio.fail_after(PATIENCE):
                async with self.pool.connection() as connection:
                    await self.pool.check_connection(connection)
                # A schema at head stays there; one that is behind may be migrated any moment.
                self._at_head = self._at_head or not await to_thread.run_sync(
                    pending, self.url, abandon_on_cancel=True
                )
                if not self._at_head:
                    return _BEHIND
                async with self.pool.connection() as connection:
                    await check_inline(connection)
                    self._projections = await find_health(connection)
        except (psycopg.OperationalError, DatabaseUnreachableError, TimeoutError):
            return _AWAY
        except SupersededError as error:
            return str(error)
        return None
