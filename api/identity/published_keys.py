"""The keys an issuer publishes, kept at hand: fetched ahead, renewed, fetched once for all."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from time import monotonic

import structlog
from jwt import PyJWK
from structlog.typing import FilteringBoundLogger

from api.identity import reasons
from api.identity.errors import IssuerUnreachableError, TokenRejectedError
from api.identity.jwks import PublishedKey
from api.identity.jwks_errors import JwksError
from api.identity.jwks_source import JwksSource, open_source
from events.background import background

REFRESH = 300.0
"""Seconds after which keys are fetched again; so long a withdrawn key is still trusted."""

FIRST_RETRY, LAST_RETRY = 5.0, 60.0
"""Seconds after which a fetch that failed is repeated, at first and when it has failed often."""

PAUSE = 5.0
"""Seconds between fetches that requests may cause by naming a key that is not known."""

STALE_LIMIT = 3_600.0
"""Seconds for which keys are trusted although the issuer cannot be asked whether they still are."""

_log: FilteringBoundLogger = structlog.get_logger()


class KeyState(StrEnum):
    """How well the keys of an issuer are known."""

    FRESH = "fresh"
    """The last fetch brought them."""
    STALE = "stale"
    """The last fetch failed; those of an earlier one are used for a while."""
    MISSING = "missing"
    """None are known, so no token of the issuer can be verified."""
    UNUSED = "unused"
    """No issuer that publishes keys is set."""


class PublishedKeys:
    """The keys of one issuer; a loop of its own fetches them, and requests never do.

    Attributes:
        state: How well they are known right now, for the health report.
    """

    def __init__(self, source: JwksSource, *, changed: Callable[[], None]) -> None:
        self._source = source
        self._changed = changed
        self._keys: dict[str, PublishedKey] = {}
        self._fetched_at = self._asked_at = float("-inf")
        self._failures = 0
        self._wanted = asyncio.Event()
        self._settled = asyncio.Event()
        self.state = KeyState.MISSING

    async def find(self, key_id: str) -> PyJWK:
        """Give the key of that name; one that is not known yet may have been published since.

        Raises:
            TokenRejectedError: The issuer does not publish it.
            IssuerUnreachableError: The issuer cannot be asked.
        """
        if key_id not in self._keys:
            self._ask()
            if not self._failures:
                await self._settled.wait()
        if found := self._keys.get(key_id):
            return found.key
        if self.state is not KeyState.FRESH:
            raise IssuerUnreachableError
        raise TokenRejectedError(reasons.UNKNOWN_KEY)

    async def run(self) -> None:
        """Fetch now and again until cancelled, whatever comes back."""
        try:
            while True:
                await self._fetch()
                self._settled.set()
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._rest()):
                        await self._wanted.wait()
                self._wanted.clear()
                self._settled.clear()
        finally:
            self._settled.set()

    def _ask(self) -> None:
        """Have the keys fetched, unless they are being fetched or somebody has just asked."""
        if self._settled.is_set() and monotonic() >= self._asked_at + PAUSE:
            self._asked_at = monotonic()
            self._settled.clear()
            self._wanted.set()

    def _rest(self) -> float:
        if not self._failures:
            return REFRESH
        return min(FIRST_RETRY * 2 ** min(self._failures - 1, 10), LAST_RETRY)

    async def _fetch(self) -> None:
        try:
            found = await self._source.fetch()
        except JwksError as error:
            self._fail(error)
        else:
            self._take(found)

    def _take(self, found: dict[str, PublishedKey]) -> None:
        if self._failures or found != self._keys or self.state is KeyState.MISSING:
            _log.info("issuer_keys.fetched", url=self._source.url, keys=len(found))
        self._replace(found)
        self._fetched_at, self._failures, self.state = monotonic(), 0, KeyState.FRESH

    def _fail(self, error: JwksError) -> None:
        if monotonic() > self._fetched_at + STALE_LIMIT:
            self._replace({})
        before, self.state = self.state, KeyState.STALE if self._keys else KeyState.MISSING
        if not self._failures or before is not self.state:
            _log.warning(
                "issuer_keys.unreachable", url=self._source.url, reason=str(error), keys=self.state
            )
        self._failures += 1

    def _replace(self, keys: dict[str, PublishedKey]) -> None:
        changed, self._keys = keys != self._keys, keys
        if changed:
            self._changed()


@asynccontextmanager
async def open_keys(url: str, *, changed: Callable[[], None]) -> AsyncGenerator[PublishedKeys]:
    """Have an issuer's keys; the first fetch begins, and nobody waits for it here.

    Args:
        url: Where the issuer publishes them (JWKS).
        changed: Called when other keys than before are trusted.
    """
    async with open_source(url) as source:
        keys = PublishedKeys(source, changed=changed)
        async with background(keys.run(), name="issuer-keys"):
            yield keys
